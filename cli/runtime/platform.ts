/** The servers a command needs: those named by the environment, or the embedded servers of SLIPWAY_HOME. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { slipwayHome } from '../../embedded/cache-folder.js'
import { startPostgres } from '../../embedded/postgres-server.js'
import { runningTemporal, startTemporalDevServer } from '../../embedded/temporal-server.js'
import type { ArtifactStore, Registry } from '../../registry/index.js'
import type { TemporalConnection } from '../../workers/temporal-environment.js'
import { progress } from './output.js'

export interface Stoppable {
  stop(): Promise<void>
}

export interface RegistryHandle extends Stoppable {
  readonly registry: Registry
  readonly artifacts: ArtifactStore
}

export interface TemporalHandle extends Stoppable {
  readonly address: string
  readonly connection: TemporalConnection
  readonly namespace: string
  /** Address of the Temporal Web UI; null if the environment names a server without a UI address. */
  readonly uiUrl: string | null
}

/** The folder of SLIPWAY_HOME, created if needed. @throws SlipwayError BadRequest if it cannot be created */
export function home(): string {
  const folder = slipwayHome()
  try {
    mkdirSync(join(folder, 'work'), { recursive: true })
  } catch (error) {
    const why = errorText(error)
    throw new SlipwayError(
      'BadRequest',
      `SLIPWAY_HOME ${folder} cannot be written (${why}); set it to a folder you may write to`,
    )
  }
  return folder
}

export interface Opening {
  readonly onProgress?: (text: string) => void
  /** If aborted during opening, everything opened so far is closed and opening rejects. */
  readonly signal?: AbortSignal
  /** For a process that stays up: statements have a time-out. */
  readonly service?: boolean
}

/** Imports the registry only when it is needed: its packages take half a second to load. */
export async function openRegistryHandle(opening: Opening = {}): Promise<RegistryHandle> {
  const { createArtifactStore, openRegistry } = await import('../../registry/index.js')
  const folder = home()
  // Compose files and shells pass on an unset variable as an empty one.
  const named = process.env.SLIPWAY_DATABASE_URL || undefined
  const postgres = named ? undefined : await startPostgres({ home: folder, ...opening })
  const artifactsFolder = process.env.SLIPWAY_ARTIFACTS || join(folder, 'artifacts')
  try {
    const registry = await openRegistry({
      databaseUrl: named ?? postgres?.url ?? '',
      artifactsFolder,
      service: opening.service === true,
    })
    return {
      registry,
      artifacts: createArtifactStore(artifactsFolder),
      async stop() {
        await registry.close()
        await postgres?.stop()
      },
    }
  } catch (error) {
    await postgres?.stop()
    throw error
  }
}

/**
 * Null if the environment names no server. Imported only when it is needed: Temporal's packages take 100 ms to load.
 */
async function environmentTemporal(): Promise<TemporalHandle | null> {
  const { temporalOfEnvironment } = await import('../../workers/temporal-environment.js')
  const named = temporalOfEnvironment()
  if (!named) return null
  const { namespace, connection } = named
  const { address } = connection
  return { address, connection, namespace, uiUrl: process.env.TEMPORAL_UI_URL || null, stop: async () => {} }
}

/** Starts the dev server of this home, or uses the server named by the environment. */
export async function openTemporal(
  opening: Opening & { readonly port?: number; readonly uiPort?: number },
): Promise<TemporalHandle> {
  const named = await environmentTemporal()
  if (named) return named
  const server = await startTemporalDevServer({ home: home(), ...opening })
  return embedded(server, server.stop)
}

const embedded = (
  { address, uiUrl }: { address: string; uiUrl: string },
  stop: () => Promise<void>,
): TemporalHandle => ({
  address,
  connection: { address },
  namespace: 'default',
  uiUrl,
  stop,
})

/** The server that is running already; commands that use a running Slipway never start one. */
export async function findTemporal(): Promise<TemporalHandle> {
  const named = await environmentTemporal()
  if (named) return named
  const server = await runningTemporal(home())
  if (!server) {
    throw new SlipwayError(
      'Unavailable',
      'no Slipway is running here; start one with: slipway up (or set TEMPORAL_ADDRESS)',
    )
  }
  return embedded(server, async () => {})
}

/** Connects a client. Temporal's package is imported only when it is needed: it takes 400 ms to load. */
export async function connectClient(temporal: TemporalHandle): Promise<{ client: Client; close: () => Promise<void> }> {
  const [{ Client }, { connect }, { dataConverterOfEnvironment }] = await Promise.all([
    import('@temporalio/client'),
    import('./temporal-connection.js'),
    import('../../workers/payloads/data-converter.js'),
  ])
  const dataConverter = dataConverterOfEnvironment(process.env, progress)
  try {
    const { connection, close } = await connect(temporal.connection)
    return {
      client: new Client({ connection, namespace: temporal.namespace, ...(dataConverter ? { dataConverter } : {}) }),
      close,
    }
  } catch (error) {
    const where = temporal.connection.tls ? `${temporal.address} over TLS` : temporal.address
    throw new SlipwayError(
      'Unavailable',
      `no Temporal server answers at ${where} (${reasonOf(error)}); check TEMPORAL_ADDRESS and TEMPORAL_TLS, or run slipway up`,
    )
  }
}

/** The message of the innermost cause: the library wraps the call that failed. */
function reasonOf(error: unknown): string {
  const { details, message, cause } = error as { details?: string; message: string; cause?: unknown }
  return cause instanceof Error ? reasonOf(cause) : ((details || message).split('\n')[0] ?? '')
}

export const workflowUrl = (temporal: TemporalHandle, workflowId: string): string | null =>
  temporal.uiUrl === null
    ? null
    : `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`
