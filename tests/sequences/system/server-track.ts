/** One time-skipping server with its own clock and workers: time jumps of one track do not affect another. */
import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Dependencies } from '../../../activities/create-activities.js'
import { SEARCH_ATTRIBUTES } from '../../../contracts/names.js'
import { type ArtifactStore, createArtifactStore, openRegistry, type Registry } from '../../../registry/index.js'
import { startWorkers, type Workers } from '../../../workers/create-workers.js'
import { openCancelledActivityRelay } from '../../support/cancelled-activity-relay.js'
import { closeable, type Ending } from '../../support/harness.js'
import { looksStopTheClock } from '../../support/looks-stop-the-clock.js'
import { requireFittingLedger } from '../../support/published-entry-schemas.js'
import { startEnvironment } from '../../support/time-skipping.js'
import { testBundle } from '../../support/workflow-bundle.js'
import { type Accidents, createAccidents } from './accidents.js'
import { aroundActivities } from './around-activities.js'
import { type ServerClock, serverClock } from './server-clock.js'
import { startSharedWorker } from './shared-worker.js'
import { trainInThisProcess } from './train-in-this-process.js'

export interface Track {
  readonly env: TestWorkflowEnvironment
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly folder: string
  readonly clock: ServerClock
  readonly accidents: Accidents
  readonly replays: boolean
  /** Serves the queue of a project until it is stopped. */
  serveProject(projects: Dependencies['projects']): Promise<Workers>
  /** `kill -9` of the worker for workflows and shared activities; another one starts. Only on a track that replays. */
  killShared(): Promise<void>
  close(): Promise<void>
}

const KEYWORD = 2

export interface TrackOptions {
  readonly databaseUrl: string
  readonly artifactsFolder: string
  /**
   * Workflows are not cached: every task and query replays its history, and the worker for workflows is a process that
   * can be killed. With a cache this server would send the queries of a run to the dead worker permanently.
   */
  readonly replays: boolean
}

export const openTrack = (options: TrackOptions): Promise<Track> => closeable((opened) => open(options, opened))

async function open(
  { databaseUrl, artifactsFolder, replays }: TrackOptions,
  opened: Ending[],
): Promise<Omit<Track, 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-track-'))
  opened.push(() => rm(folder, { recursive: true, force: true }))
  const env = await startEnvironment()
  opened.push(() => env.teardown())
  const searchAttributes = Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD]))
  await env.connection.operatorService.addSearchAttributes({ namespace: env.namespace ?? 'default', searchAttributes })
  const { clock, close } = await serverClock(() => env.currentTimeMs())
  opened.push(close)
  const registry = await openRegistry({ databaseUrl, artifactsFolder, now: clock.now })
  opened.push(() => registry.close())
  opened.push(() => requireFittingLedger(registry))
  const artifacts = createArtifactStore(artifactsFolder)
  const accidents = createAccidents()
  const workflowBundle = await testBundle()
  const deps = { registry, artifacts, now: clock.now, workFolder: folder, runTrainer: trainInThisProcess }
  const guarded = await openCancelledActivityRelay(env)
  opened.push(() => guarded.close())
  const connection = guarded.nativeConnection
  const around = aroundActivities(clock, (attempt) => accidents.takes(attempt))
  const interceptors = { activity: [looksStopTheClock(env), ...(around.activity ?? [])] }
  const inProcess = () =>
    startWorkers({ connection, workflowBundle, interceptors, projects: [], deps: { ...deps, projects: new Map() } })
  const bundleFile = join(folder, 'workflows.js')
  if (replays) await writeFile(bundleFile, workflowBundle.code)
  const options = { databaseUrl, artifactsFolder, folder, address: guarded.address, bundle: bundleFile }
  const asProcess = () => startSharedWorker(options, { clock, accidents })
  let killable = replays ? await asProcess() : null
  const shared = killable ? null : await inProcess()
  opened.push(() => (killable ?? shared)?.shutdown() ?? Promise.resolve())
  return {
    env,
    registry,
    artifacts,
    folder,
    clock,
    accidents,
    replays,
    serveProject: (projects) => startWorkers({ connection, interceptors, deps: { ...deps, projects }, shared: false }),
    async killShared() {
      await killable?.kill()
      killable = await asProcess()
    },
  }
}
