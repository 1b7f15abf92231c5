/** The servers a command needs: those the environment names, or the embedded ones of SLIPWAY_HOME. */

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
  /** Where a person can look; null when the environment names a server and no UI. */
  readonly uiUrl: string | null
}

/** @throws SlipwayError BadRequest when it cannot be made */
export function home(): string {
  const folder = slipwayHome()
  try {
    mkdirSync(join(folder, 'work'), { recursive: true })
  } catch (error) {
    const why = errorText(error)
    throw new SlipwayError(
      'BadRequest',
      `SLIPWAY_HOME ${folder} cannot be written (${why}); set it to a folder you may write`,
    )
  }
  return folder
}

export interface Opening {
  readonly onProgress?: (text: string) => void
  /** Aborted while it opens: it is closed again, and opening rejects. */
  readonly signal?: AbortSignal
}

/** The registry is imported here, where it is needed: half a second of its packages. */
export async function openRegistryHandle(opening: Opening = {}): Promise<RegistryHandle> {
  const { createArtifactStore, openRegistry } = await import('../../registry/index.js')
  const folder = home()
  // A variable that is set to nothing is unset, as compose files and shells pass it on.
  const named = process.env.SLIPWAY_DATABASE_URL || undefined
  const postgres = named ? undefined : await startPostgres({ home: folder, ...opening })
  const artifactsFolder = process.env.SLIPWAY_ARTIFACTS || join(folder, 'artifacts')
  try {
    const registry = await openRegistry({ databaseUrl: named ?? postgres?.url ?? '', artifactsFolder })
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

/** Imported where it is needed, and then only where something is named: Temporal's packages cost the command line 100 ms. */
async function environmentTemporal(): Promise<TemporalHandle | null> {
  const { temporalOfEnvironment } = await import('../../workers/temporal-environment.js')
  const named = temporalOfEnvironment()
  if (!named) return null
  const { namespace, connection } = named
  const { address } = connection
  return { address, connection, namespace, uiUrl: process.env.TEMPORAL_UI_URL || null, stop: async () => {} }
}

/** Starts the dev server of this home, or uses the one the environment names. */
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

/** The server that is there already: commands that talk to a running Slipway start none. */
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

/** A client of a reachable server. Temporal's package is imported here, where it is needed: it costs 400 ms. */
export async function connectClient(temporal: TemporalHandle): Promise<{ client: Client; close: () => Promise<void> }> {
  const [{ Client }, { connect }] = await Promise.all([
    import('@temporalio/client'),
    import('./temporal-connection.js'),
  ])
  try {
    const { connection, close } = await connect(temporal.connection)
    return { client: new Client({ connection, namespace: temporal.namespace }), close }
  } catch (error) {
    const where = temporal.connection.tls ? `${temporal.address} over TLS` : temporal.address
    throw new SlipwayError(
      'Unavailable',
      `no Temporal server answers at ${where} (${reasonOf(error)}); check TEMPORAL_ADDRESS and TEMPORAL_TLS, or run slipway up`,
    )
  }
}

/** The call that failed lies below what the library says of it. */
function reasonOf(error: unknown): string {
  const { details, message, cause } = error as { details?: string; message: string; cause?: unknown }
  return cause instanceof Error ? reasonOf(cause) : ((details || message).split('\n')[0] ?? '')
}

export const workflowUrl = (temporal: TemporalHandle, workflowId: string): string | null =>
  temporal.uiUrl === null
    ? null
    : `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`
