/** The real workflow and activities on the time-skipping server, with the toy project and a real registry. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import type { ActivityInterceptorsFactory, WorkerInterceptors } from '@temporalio/worker'
import type { Dependencies } from '../../activities/create-activities.js'
import { SEARCH_ATTRIBUTES } from '../../contracts/names.js'
import { findTestServer } from '../../embedded/test-server.js'
import { createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import type { Prover } from '../../releases/identity/prover.js'
import { initProject } from '../../releases/init-project.js'
import type { startRelease } from '../../releases/start-release.js'
import { startWorkers } from '../../workers/create-workers.js'
import { project } from '../toy-project/index.js'
import { openCancelledActivityRelay } from './cancelled-activity-relay.js'
import { testDatabase } from './database.js'
import { closeable, type Ending, TOY_PROJECT } from './harness.js'
import { looksStopTheClock } from './looks-stop-the-clock.js'
import { requireFittingLedger } from './published-entry-schemas.js'
import { quietRuntime } from './quiet-runtime.js'
import { releaseStuckClock } from './release-stuck-clock.js'
import { startToyRelease, type ToyRelease } from './toy-release.js'
import { testBundle } from './workflow-bundle.js'

/** @property speed event time divided by wall time; default 1 */
type Timed = ToyRelease & { readonly speed?: number }

export interface Harness {
  readonly env: TestWorkflowEnvironment
  readonly client: Client
  readonly registry: Registry
  /** Folder of the trainers' work, by which a trainer's process is found. */
  readonly workFolder: string
  /** Environment for another process, such as the command line. */
  readonly environment: Readonly<Record<string, string>>
  /** @returns the workflow id */
  start(trigger: string, options?: Timed): Promise<string>
  begin(trigger: string, options?: Timed): ReturnType<typeof startRelease>
  /**
   * Does work while no worker runs workflows, so that all of it reaches a workflow in one task. Needs
   * maxCachedWorkflows 0.
   */
  withoutWorkflowWorker(work: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

const KEYWORD = 2

/** The clock is also read before each activity, so this matters only to what reads it elsewhere. */
const TICK_MS = 100

interface HarnessOptions {
  /** 0 replays the history at each task, so that another worker can continue at once. */
  readonly maxCachedWorkflows?: number
  /** Verifies proven names; absent: no name can be proven. */
  readonly prover?: Prover
  /** Called before each activity: between a decision and its effect. */
  readonly before?: (activity: string) => Promise<void>
}

export const timeSkipping = (options: HarnessOptions = {}): Promise<Harness> =>
  closeable((opened) => open(opened, options))

const beforeEach = (
  others: readonly ActivityInterceptorsFactory[],
  before: (activity: string) => Promise<void>,
): WorkerInterceptors => ({
  activity: [
    ...others,
    ({ info }) => ({
      inbound: {
        async execute(input, next) {
          await before(info.activityType)
          return next(input)
        },
      },
    }),
  ],
})

/** The SDK waits 5 s for the server, which a busy machine may exceed several times. */
const STARTS = 12

export async function startEnvironment(): Promise<TestWorkflowEnvironment> {
  const path = await findTestServer(() => {})
  const server = { executable: { type: 'existing-path', path } } as const
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({ server })
    } catch (error) {
      if (attempt === STARTS) throw error
    }
  }
}

async function open(
  opened: Ending[],
  { before = async () => {}, prover, ...options }: HarnessOptions,
): Promise<Omit<Harness, 'close'>> {
  quietRuntime()
  // The trainer's process finds the toy project through this variable.
  process.env.SLIPWAY_PROJECTS = TOY_PROJECT
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  opened.push(() => rm(folder, { recursive: true, force: true }))
  const database = await testDatabase()
  opened.push(() => database.stop())
  const env = await startEnvironment()
  opened.push(() => env.teardown())
  const searchAttributes = Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD]))
  await env.connection.operatorService.addSearchAttributes({ namespace: env.namespace ?? 'default', searchAttributes })
  // Date.now() in an activity is real time on this server. This clock reads the server's time and never runs backwards.
  let now = await env.currentTimeMs()
  const stuck = releaseStuckClock(env)
  const tick = async () => {
    now = Math.max(now, await env.currentTimeMs().catch(() => now))
  }
  const ticking = new AbortController()
  const ticked = (async () => {
    for (; !ticking.signal.aborted; await pause(TICK_MS)) {
      await tick()
      await stuck.check(now).catch(() => {})
    }
  })()
  opened.push(() => {
    ticking.abort()
    // A call in flight would be retried on a closed connection, and its error could not be caught.
    return ticked
  })
  const artifactsFolder = join(folder, 'artifacts')
  const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder, now: () => now })
  opened.push(() => registry.close())
  opened.push(() => requireFittingLedger(registry))
  const deps: Dependencies = {
    registry,
    artifacts: createArtifactStore(artifactsFolder),
    projects: new Map([['toy', project]]),
    now: () => now,
    workFolder: folder,
    prover,
  }
  await initProject(deps, project, 'test')
  const workflowBundle = await testBundle()
  const relay = await openCancelledActivityRelay(env)
  opened.push(() => relay.close())
  const common = {
    connection: relay.nativeConnection,
    deps,
    workflowBundle,
    ...options,
    // A look must not see a clock of before the skip that it was retried for: it would wait for its instant once more.
    interceptors: beforeEach([stuck.interceptor, looksStopTheClock(env)], async (activity) => {
      await tick()
      await before(activity)
    }),
  }
  const ofProject = await startWorkers({ ...common, shared: false })
  opened.push(() => ofProject.shutdown())
  const startShared = () => startWorkers({ ...common, projects: [] })
  let shared = await startShared()
  opened.push(() => shared.shutdown())

  const begin: Harness['begin'] = async (trigger, { speed = 1, ...options } = {}) => {
    await tick()
    return startToyRelease(env.client, trigger, options, { wallStart: await env.currentTimeMs(), speed })
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
    async withoutWorkflowWorker(work) {
      await shared.shutdown()
      try {
        await work()
      } finally {
        shared = await startShared()
      }
    },
    start: async (trigger, options) => (await begin(trigger, options)).workflowId,
  }
}
