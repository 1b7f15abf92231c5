/** The real workflow and activities on the time-skipping server, with the toy project and a real registry. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Dependencies } from '../../activities/index.js'
import { initProject } from '../../activities/init-project.js'
import { startRelease } from '../../cli/start-release.js'
import { SEARCH_ATTRIBUTES } from '../../contracts/names.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { findTestServer } from '../../embedded/test-server.js'
import { createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import { bundleWorkflows, startWorkers } from '../../workers/create-workers.js'
import { project } from '../toy-project/index.js'
import { testDatabase } from './database.js'
import { quietRuntime } from './quiet-runtime.js'

export interface Harness {
  readonly env: TestWorkflowEnvironment
  readonly client: Client
  readonly registry: Registry
  /** Where trainers work: what a trainer's process is found by. */
  readonly workFolder: string
  /** For a process of its own, such as the command line. */
  readonly environment: Readonly<Record<string, string>>
  /** @returns the workflow id */
  start(trigger: string, options?: StartOptions): Promise<string>
  begin(trigger: string, options?: StartOptions): ReturnType<typeof startRelease>
  close(): Promise<void>
}

export const TOY_PROJECT = fileURLToPath(new URL('../toy-project', import.meta.url))

interface StartOptions {
  readonly parameters?: Readonly<Record<string, number | string | boolean>>
  readonly policy?: PromotionPolicy
  readonly cutoff?: string
  readonly source?: string
}

const KEYWORD = 2

/** Also when opening fails half-way, everything that was started is ended. */
export async function timeSkipping(): Promise<Harness> {
  const opened: (() => unknown)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end()
  }
  try {
    return { ...(await open(opened)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(opened: (() => unknown)[]): Promise<Omit<Harness, 'close'>> {
  quietRuntime()
  // The trainer's process finds the toy project by this.
  process.env.SLIPWAY_PROJECTS = TOY_PROJECT
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  opened.push(() => rmSync(folder, { recursive: true, force: true }))
  const database = await testDatabase()
  opened.push(() => database.stop())
  const path = await findTestServer(() => {})
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  })
  opened.push(() => env.teardown())
  const searchAttributes = Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD]))
  await env.connection.operatorService.addSearchAttributes({ namespace: env.namespace ?? 'default', searchAttributes })
  // Date.now() in an activity is real time on this server; the clock asks the server, and never runs behind what it knew.
  let now = await env.currentTimeMs()
  const tick = async () => {
    now = Math.max(now, await env.currentTimeMs().catch(() => now))
  }
  const ticking = setInterval(() => void tick(), 25)
  const artifactsFolder = join(folder, 'artifacts')
  const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder, now: () => now })
  opened.push(() => registry.close())
  const deps: Dependencies = {
    registry,
    artifacts: createArtifactStore(artifactsFolder),
    projects: new Map([['toy', project]]),
    now: () => now,
    workFolder: folder,
  }
  await initProject(deps, project, 'test')
  const workflowBundle = await bundleWorkflows()
  const workers = await startWorkers({ connection: env.nativeConnection, deps, workflowBundle })
  opened.push(() => {
    clearInterval(ticking)
    return workers.shutdown()
  })

  const begin: Harness['begin'] = async (trigger, options = {}) => {
    const cutoff = options.cutoff ?? '2001-01-20T00:00:00.000Z'
    await tick()
    const wallStart = await env.currentTimeMs()
    return startRelease(env.client, {
      trigger: {
        project: 'toy',
        id: trigger,
        kind: 'cli',
        by: 'test',
        at: new Date(wallStart).toISOString(),
        cutoff,
        parameters: { ...options.parameters },
        ...(options.source === undefined ? {} : { source: options.source }),
      },
      policy: options.policy ?? project.policy,
      clock: { eventStart: Date.parse(cutoff), wallStart, speed: 1 },
    })
  }

  return {
    env,
    client: env.client,
    registry,
    workFolder: folder,
    environment: {
      TEMPORAL_ADDRESS: env.address,
      SLIPWAY_DATABASE_URL: database.url,
      SLIPWAY_ARTIFACTS: artifactsFolder,
      SLIPWAY_HOME: join(folder, 'home'),
    },
    begin,
    start: async (trigger, options) => (await begin(trigger, options)).workflowId,
  }
}
