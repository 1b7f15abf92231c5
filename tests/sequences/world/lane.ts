/** One time-skipping server with a clock and workers of its own: time jumps of one lane are not seen by another. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Dependencies } from '../../../activities/index.js'
import { SEARCH_ATTRIBUTES } from '../../../contracts/names.js'
import { type ArtifactStore, createArtifactStore, openRegistry, type Registry } from '../../../registry/index.js'
import { bundleWorkflows, startWorkers, type Workers } from '../../../workers/create-workers.js'
import { closeable, type Ending } from '../../support/harness.js'
import { startEnvironment } from '../../support/time-skipping.js'
import { type Accidents, aroundActivities } from './around-activities.js'
import { type LaneClock, laneClock } from './clock.js'
import { createFloor, untilIdle } from './idle.js'
import { trainHere } from './train-here.js'

export interface Lane {
  readonly env: TestWorkflowEnvironment
  /** Speaks while no activity tells of a success. */
  readonly client: Client
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly folder: string
  readonly clock: LaneClock
  readonly accidents: Accidents
  readonly replays: boolean
  /** Serves a project's own queue, until it is stopped. */
  serveProject(projects: Dependencies['projects']): Promise<Workers>
  /** Ends whoever runs workflows and shared activities, with all it has in memory; another begins. */
  replaceShared(): Promise<void>
  close(): Promise<void>
}

const KEYWORD = 2

let bundle: ReturnType<typeof bundleWorkflows> | undefined

export interface LaneOptions {
  readonly databaseUrl: string
  readonly artifactsFolder: string
  /**
   * Nothing is kept in memory: every task and every question replays its history, and whoever runs workflows can be replaced. A run
   * that a worker kept is asked of that worker for ever on this server.
   */
  readonly replays: boolean
}

export const openLane = (options: LaneOptions): Promise<Lane> => closeable((opened) => open(options, opened))

async function open(
  { databaseUrl, artifactsFolder, replays }: LaneOptions,
  opened: Ending[],
): Promise<Omit<Lane, 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-lane-'))
  opened.push(() => rm(folder, { recursive: true, force: true }))
  const env = await startEnvironment()
  opened.push(() => env.teardown())
  const searchAttributes = Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD]))
  await env.connection.operatorService.addSearchAttributes({ namespace: env.namespace ?? 'default', searchAttributes })
  const clock = await laneClock(env, opened)
  const registry = await openRegistry({ databaseUrl, artifactsFolder, now: clock.now })
  opened.push(() => registry.close())
  const artifacts = createArtifactStore(artifactsFolder)
  const accidents: Accidents = { lost: 0 }
  bundle ??= bundleWorkflows()
  const workflowBundle = await bundle
  const deps = { registry, artifacts, now: clock.now, workFolder: folder, runTrainer: trainHere }
  const floor = createFloor((workflowId) => untilIdle(env.client, workflowId))
  const client = new Client({
    ...{ connection: env.connection, namespace: env.namespace ?? 'default' },
    interceptors: { workflow: [floor.interceptor] },
  })
  const quiet = async (workflowId: string) => {
    await floor.free()
    await untilIdle(env.client, workflowId)
  }
  const common = {
    connection: env.nativeConnection,
    workflowBundle,
    interceptors: aroundActivities(clock, accidents, quiet),
    maxCachedWorkflows: replays ? 0 : 200,
  }
  const startShared = () => startWorkers({ ...common, deps: { ...deps, projects: new Map() }, projects: [] })
  let shared = await startShared()
  opened.push(() => shared.shutdown())
  return {
    ...{ env, client, registry, artifacts, folder, clock, accidents, replays },
    serveProject: (projects) => startWorkers({ ...common, deps: { ...deps, projects }, shared: false }),
    async replaceShared() {
      await shared.shutdown()
      shared = await startShared()
    },
  }
}
