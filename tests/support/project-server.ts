/**
 * Temporal's dev server in memory, a real registry, and workers in this process, for the projects of the given folders.
 */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import { loadProject } from '../../projects/load.js'
import { type ArtifactStore, createArtifactStore, openRegistry } from '../../registry/index.js'
import { initProject } from '../../releases/init-project.js'
import { startRelease } from '../../releases/start-release.js'
import { startWorkers } from '../../workers/create-workers.js'
import { testDatabase } from './database.js'
import { closeable, type Ending } from './harness.js'
import { requireFittingLedger } from './published-entry-schemas.js'
import { quietRuntime } from './quiet-runtime.js'
import type { Steered } from './steer.js'
import { testBundle } from './workflow-bundle.js'

export interface ProjectServer extends Steered {
  readonly artifacts: ArtifactStore
  /** Folder of the trainers' work, by which a trainer's process is found. */
  readonly workFolder: string
  /** Environment for another process, such as the command line. */
  readonly environment: Readonly<Record<string, string>>
  /** Starts a release. @param speed default 40,000. @returns the workflow id */
  start(
    project: string,
    trigger: string,
    parameters?: Readonly<Record<string, number | string | boolean>>,
    speed?: number,
  ): Promise<string>
  close(): Promise<void>
}

const SPEED = 40_000

/** @param database default: one on the server that all test files share */
export const projectServer = (
  folders: readonly string[],
  database: () => Promise<{ url: string; stop(): Promise<void> }> = testDatabase,
): Promise<ProjectServer> => closeable((opened) => open(folders, database, opened))

async function open(
  folders: readonly string[],
  openDatabase: typeof testDatabase,
  opened: Ending[],
): Promise<Omit<ProjectServer, 'close'>> {
  quietRuntime()
  const workFolder = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  opened.push(() => rm(workFolder, { recursive: true, force: true }))
  const database = await openDatabase()
  opened.push(() => database.stop())
  const temporal = await startTemporalDevServer({ home: workFolder, inMemory: true })
  opened.push(() => temporal.stop())
  const connection = await Connection.connect({ address: temporal.address })
  opened.push(() => connection.close())
  const native = await NativeConnection.connect({ address: temporal.address })
  opened.push(() => native.close())
  const artifactsFolder = join(workFolder, 'artifacts')
  const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder })
  opened.push(() => registry.close())
  opened.push(() => requireFittingLedger(registry))
  const loaded = await Promise.all(folders.map(loadProject))
  const projects = new Map(loaded.map((project) => [project.name, project]))
  const deps = { registry, artifacts: createArtifactStore(artifactsFolder), projects, now: Date.now, workFolder }
  for (const project of loaded) await initProject(deps, project, 'test')
  const workers = await startWorkers({
    connection: native,
    deps,
    workflowBundle: await testBundle(),
    housekeepingMs: 500,
  })
  opened.push(() => workers.shutdown())
  const client = new Client({ connection })
  return {
    client,
    registry,
    artifacts: deps.artifacts,
    workFolder,
    environment: {
      TEMPORAL_ADDRESS: temporal.address,
      SLIPWAY_DATABASE_URL: database.url,
      SLIPWAY_ARTIFACTS: artifactsFolder,
      SLIPWAY_HOME: join(workFolder, 'home'),
      SLIPWAY_PROJECTS: folders.join(delimiter),
    },
    async start(name, trigger, parameters = {}, speed = SPEED) {
      const project = projects.get(name)
      if (!project) throw new RangeError(`no project ${name}`)
      const wallStart = Date.now()
      const { workflowId } = await startRelease(client, {
        trigger: {
          project: name,
          id: trigger,
          kind: 'cli',
          by: 'test',
          at: new Date(wallStart).toISOString(),
          cutoff: project.defaultCutoff,
          parameters: { ...parameters },
        },
        policy: project.policy,
        clock: { eventStart: Date.parse(project.defaultCutoff), wallStart, speed },
      })
      return workflowId
    },
  }
}
