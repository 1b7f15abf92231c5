/** A Slipway that runs in this process: servers and workers, started in order and stopped in the opposite one. */

import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { loadProjects } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { initProject } from '../../releases/init-project.js'
import { resumeClocks } from '../../releases/resume-clocks.js'
import { untilAborted } from './interruption.js'
import { progress } from './output.js'
import {
  connectClient,
  home,
  openRegistryHandle,
  openTemporal,
  type RegistryHandle,
  type Stoppable,
  type TemporalHandle,
} from './platform.js'
import { servingPort } from './serving-port.js'
import { startServing } from './serving-process.js'

export interface Session extends RegistryHandle {
  readonly temporal: TemporalHandle
  readonly client: Client
  readonly projects: ReadonlyMap<string, Project>
  /** Where decisions are asked for. */
  readonly servingUrl: string
  /** Rejects when a worker fails. */
  readonly running: Promise<void>
}

type Ports = { readonly port?: number; readonly uiPort?: number }

/** @param signal aborted while it opens: what was started is ended, then this rejects */
export async function openSession(ports: Ports, signal: AbortSignal): Promise<Session> {
  const opened: Stoppable[] = []
  const stop = () => stopAll(opened)
  try {
    const projects = await loadProjects()
    // The service starts last: a port it cannot have is said before anything else is there.
    await servingPort(undefined, process.env.SLIPWAY_BIND ?? '127.0.0.1')
    const [registry, temporal] = await openServers(opened, ports, signal)
    const { client, close } = await connectClient(temporal)
    opened.push({ stop: close })
    const deps = { ...registry, projects, now: Date.now, workFolder: join(home(), 'work') }
    for (const run of await resumeClocks(registry.registry, projects.keys(), Date.now()))
      progress(`${run}: its time goes on where it stood still`)
    progress('starting workers')
    const { NativeConnection, Runtime, makeTelemetryFilterString } = await import('@temporalio/worker')
    Runtime.install({
      // Stopping is this file's: it ends workers before servers.
      shutdownSignals: [],
      telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
      logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
    })
    const connection = await NativeConnection.connect(temporal.connection)
    opened.push({ stop: () => connection.close() })
    const { startWorkers } = await import('../../workers/create-workers.js')
    const workers = await startWorkers({ connection, namespace: temporal.namespace, deps })
    opened.push({ stop: () => workers.shutdown() })
    // Whoever waits for the session hears of it; until then a worker's failure must not end the process with servers left behind.
    workers.running.catch(() => {})
    for (const project of projects.values()) {
      signal.throwIfAborted()
      // What is interrupted here is begun again at the next start, to the same end.
      const made = await Promise.race([initProject(deps, project, 'slipway init'), untilAborted(signal)])
      if (made?.created)
        progress(`${project.name}: registered its baseline ${made.releaseId} as the first production release`)
    }
    // Last, so that it is ready at once: every project has a production release by now.
    signal.throwIfAborted()
    const serving = await startServing(servingEnvironment(temporal))
    opened.push(serving)
    progress(`decision service ${serving.url}`)
    signal.throwIfAborted()
    const running = Promise.race([workers.running, serving.running])
    running.catch(() => {})
    return { ...registry, temporal, client, projects, servingUrl: serving.url, running, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const servingEnvironment = ({ address, namespace, uiUrl }: TemporalHandle): Record<string, string> => ({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_NAMESPACE: namespace,
  ...(uiUrl === null ? {} : { TEMPORAL_UI_URL: uiUrl }),
})

/** Side by side. When one fails the other is told to give up, and both have ended or are in `opened` before this throws. */
async function openServers(
  opened: Stoppable[],
  ports: Ports,
  interrupted: AbortSignal,
): Promise<[RegistryHandle, TemporalHandle]> {
  const failed = new AbortController()
  const signal = AbortSignal.any([interrupted, failed.signal])
  const keep = async <Part extends Stoppable>(opening: Promise<Part>): Promise<Part> => {
    try {
      const part = await opening
      opened.push(part)
      return part
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const opening = { onProgress: progress, signal }
  const both = [keep(openRegistryHandle(opening)), keep(openTemporal({ ...opening, ...ports }))] as const
  await Promise.allSettled(both)
  interrupted.throwIfAborted()
  // Its reason is the first failure; the neighbour's is only that it was told to give up.
  failed.signal.throwIfAborted()
  return Promise.all(both)
}

/** In the opposite order; one that does not stop keeps none of the others from it. */
async function stopAll(opened: Stoppable[]): Promise<void> {
  const failures: unknown[] = []
  for (const part of opened.splice(0).reverse()) await part.stop().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
