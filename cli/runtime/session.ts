/** Slipway in this process: servers and workers, started in order and stopped in reverse order. */

import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { loadProjects } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { proverOfEnvironment } from '../../releases/identity/prover.js'
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
import { serveOnResumedClocks } from './serve-on-resumed-clocks.js'
import { servingPort } from './serving-port.js'
import { startServing } from './serving-process.js'
import { type FirstProductions, setUpProjects } from './set-up-projects.js'

export interface Session extends RegistryHandle {
  readonly temporal: TemporalHandle
  readonly client: Client
  readonly projects: ReadonlyMap<string, Project>
  /** URL of the decision service. */
  readonly servingUrl: string
  readonly firstProductions: FirstProductions
  /** Rejects when a worker or the decision service fails. */
  readonly running: Promise<void>
}

type Ports = { readonly port?: number; readonly uiPort?: number }

/** @param signal if aborted during opening, everything started so far is stopped and this rejects */
export async function openSession(ports: Ports, signal: AbortSignal): Promise<Session> {
  const opened: Stoppable[] = []
  const stop = () => stopAll(opened)
  // A port that the service cannot use is reported before anything else starts.
  await servingPort(undefined, process.env.SLIPWAY_BIND ?? '127.0.0.1')
  const startingServing = startServing()
  try {
    const projects = await loadProjects()
    const [registry, temporal] = await openServers(opened, ports, signal)
    const { client, close } = await connectClient(temporal)
    opened.push({ stop: close })
    const deps = {
      ...registry,
      projects,
      now: Date.now,
      prover: proverOfEnvironment(),
      workFolder: join(home(), 'work'),
    }
    signal.throwIfAborted()
    // Before the workers, so that the console shows the set-up. A project without production is refused until it has
    // one.
    const serving = await serveOnResumedClocks(registry.registry, projects.keys(), () =>
      startingServing.open(servingEnvironment(temporal)),
    )
    opened.push(serving)
    progress(`console ${serving.url}/ (decision service at the same address)`)
    signal.throwIfAborted()
    progress('starting workers')
    const { NativeConnection, Runtime, makeTelemetryFilterString } = await import('@temporalio/worker')
    Runtime.install({
      // This file handles the signals itself: it stops workers before servers.
      shutdownSignals: [],
      telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
      logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
    })
    const connection = await NativeConnection.connect(temporal.connection)
    opened.push({ stop: () => connection.close() })
    const [{ startWorkers }, { workflowBundle }, { dataConverterOfEnvironment }] = await Promise.all([
      import('../../workers/create-workers.js'),
      import('../../workers/workflow-build.js'),
      import('../../workers/payloads/data-converter.js'),
    ])
    const dataConverter = dataConverterOfEnvironment(process.env, progress)
    const code = { workflowBundle: await workflowBundle() }
    const workers = await startWorkers({
      connection,
      namespace: temporal.namespace,
      deps,
      threads: true,
      dataConverter,
      ...code,
    })
    opened.push({ stop: () => workers.shutdown() })
    // A failure is reported through `running`. Unhandled, it would end the process and leave the servers running.
    workers.running.catch(() => {})
    const firstProductions = setUpProjects(deps, projects.values(), serving.url, signal)
    const running = Promise.race([workers.running, serving.running])
    running.catch(() => {})
    return { ...registry, temporal, client, projects, servingUrl: serving.url, firstProductions, running, stop }
  } catch (error) {
    await stop()
    // It is not among the opened parts before it listens.
    await startingServing.stop()
    throw error
  }
}

const servingEnvironment = ({ address, namespace, uiUrl }: TemporalHandle): Record<string, string> => ({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_NAMESPACE: namespace,
  ...(uiUrl === null ? {} : { TEMPORAL_UI_URL: uiUrl }),
})

/**
 * Starts both concurrently. If one fails the other is aborted; before this throws, each has ended or is in `opened`.
 */
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
  const both = [
    keep(openRegistryHandle({ ...opening, service: true })),
    keep(openTemporal({ ...opening, ...ports })),
  ] as const
  await Promise.allSettled(both)
  interrupted.throwIfAborted()
  // Throws the first failure; the other server only reports that it was aborted.
  failed.signal.throwIfAborted()
  return Promise.all(both)
}

/** Stops in reverse order. A part that fails to stop does not prevent the others from stopping. */
async function stopAll(opened: Stoppable[]): Promise<void> {
  const failures: unknown[] = []
  for (const part of opened.splice(0).reverse()) await part.stop().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
