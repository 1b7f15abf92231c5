/** A new registry with the no-op project in production, and a Temporal server in memory when it is wanted. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { startPostgres } from '../../embedded/postgres-server.js'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import { type ArtifactStore, createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import { initProject } from '../../releases/init-project.js'
import { project } from './noop-project/index.js'
import type { Opened } from './stack.js'

export interface RegistryServer {
  readonly folder: string
  readonly databaseUrl: string
  readonly artifactsFolder: string
  readonly artifacts: ArtifactStore
  readonly registry: Registry
}

export async function openNoopRegistry(opened: Opened): Promise<RegistryServer> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
  opened.push(() => rm(folder, { recursive: true, force: true }))
  const postgres = await startPostgres({ home: folder, onProgress: () => {} })
  opened.push(() => postgres.stop())
  const artifactsFolder = join(folder, 'artifacts')
  const registry = await openRegistry({ databaseUrl: postgres.url, artifactsFolder })
  opened.push(() => registry.close())
  const artifacts = createArtifactStore(artifactsFolder)
  await initProject({ registry, artifacts, workFolder: folder }, project, 'bench')
  return { folder, databaseUrl: postgres.url, artifactsFolder, artifacts, registry }
}

export interface TemporalClient {
  readonly address: string
  readonly client: Client
}

export async function openTemporal(opened: Opened, home: string): Promise<TemporalClient> {
  const { address, stop } = await startTemporalDevServer({ home, inMemory: true })
  opened.push(stop)
  const connection = await Connection.connect({ address })
  opened.push(() => connection.close())
  return { address, client: new Client({ connection }) }
}
