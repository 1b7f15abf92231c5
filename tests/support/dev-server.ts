/**
 * Temporal's dev server in memory, and a real registry with the toy project's baseline. Workers run elsewhere and may
 * be killed.
 */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import { createArtifactStore, openRegistry } from '../../registry/index.js'
import { initProject } from '../../releases/init-project.js'
import { project } from '../toy-project/index.js'
import { testDatabase } from './database.js'
import { closeable, type Ending, TOY_PROJECT } from './harness.js'
import { requireFittingLedger } from './published-entry-schemas.js'
import type { Steered } from './steer.js'
import { startToyRelease, type ToyRelease } from './toy-release.js'

export interface DevServer extends Steered {
  /** Address of the Temporal Web UI. */
  readonly uiUrl: string
  /** Environment for a worker in its own process. */
  readonly environment: Readonly<Record<string, string>>
  /** @param options `dayMs`: wall time of one event day. @returns the workflow id */
  start(trigger: string, options: ToyRelease & { dayMs: number }): Promise<string>
  close(): Promise<void>
}

export const devServer = (): Promise<DevServer> => closeable(open)

async function open(opened: Ending[]): Promise<Omit<DevServer, 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  opened.push(() => rm(folder, { recursive: true, force: true }))
  const database = await testDatabase()
  opened.push(() => database.stop())
  const temporal = await startTemporalDevServer({ home: folder, inMemory: true })
  opened.push(() => temporal.stop())
  const connection = await Connection.connect({ address: temporal.address })
  opened.push(() => connection.close())
  const client = new Client({ connection })
  const artifactsFolder = join(folder, 'artifacts')
  const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder })
  opened.push(() => registry.close())
  opened.push(() => requireFittingLedger(registry))
  await initProject({ registry, artifacts: createArtifactStore(artifactsFolder), workFolder: folder }, project, 'test')
  return {
    client,
    registry,
    uiUrl: temporal.uiUrl,
    environment: {
      TEMPORAL_ADDRESS: temporal.address,
      SLIPWAY_DATABASE_URL: database.url,
      SLIPWAY_ARTIFACTS: artifactsFolder,
      SLIPWAY_HOME: join(folder, 'home'),
      SLIPWAY_PROJECTS: TOY_PROJECT,
    },
    async start(trigger, { dayMs, ...options }) {
      const clock = { wallStart: Date.now(), speed: 86_400_000 / dayMs }
      return (await startToyRelease(client, trigger, options, clock)).workflowId
    },
  }
}
