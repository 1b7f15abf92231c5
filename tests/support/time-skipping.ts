/** The real workflow and activities on the time-skipping server, with the toy project and a real registry. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Dependencies } from '../../activities/index.js'
import { initProject } from '../../activities/init-project.js'
import { startRelease } from '../../cli/start-release.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { findTestServer } from '../../embedded/test-server.js'
import { type ArtifactStore, createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import { bundleWorkflows, startWorkers, type Workers } from '../../workers/create-workers.js'
import { project } from '../toy-project/index.js'
import { testDatabase } from './database.js'

export interface Harness {
  readonly env: TestWorkflowEnvironment
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  start(trigger: string, options?: StartOptions): Promise<string>
  close(): Promise<void>
}

interface StartOptions {
  readonly parameters?: Readonly<Record<string, number | string | boolean>>
  readonly policy?: PromotionPolicy
  readonly cutoff?: string
  readonly source?: string
}

export async function timeSkipping(): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  const path = await findTestServer(() => {})
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  })
  const database = await testDatabase()
  const artifactsFolder = join(folder, 'artifacts')
  const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder })
  const artifacts = createArtifactStore(artifactsFolder)
  // Date.now() in an activity is real time on this server; the clock asks the server, and never runs behind what it knew.
  let now = await env.currentTimeMs()
  const ticking = setInterval(() => {
    void env.currentTimeMs().then(
      (time) => {
        now = Math.max(now, time)
      },
      () => {},
    )
  }, 25)
  const deps: Dependencies = {
    registry,
    artifacts,
    projects: new Map([['toy', project]]),
    now: () => now,
    workFolder: folder,
  }
  await initProject(deps, project, 'test')
  const workers: Workers = await startWorkers({
    connection: env.nativeConnection,
    deps,
    workflowBundle: await bundleWorkflows(),
  })

  return {
    env,
    registry,
    artifacts,
    async start(trigger, options = {}) {
      const cutoff = options.cutoff ?? '2001-01-20T00:00:00.000Z'
      const wallStart = await env.currentTimeMs()
      const { workflowId } = await startRelease(env.client, {
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
      return workflowId
    },
    async close() {
      clearInterval(ticking)
      await workers.shutdown()
      await registry.close()
      await env.teardown()
      await database.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
