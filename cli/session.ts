/** A Slipway that runs in this process: servers and workers, started in order and stopped in the opposite one. */

import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { initProject } from '../activities/init-project.js'
import { loadProjects } from '../projects/load.js'
import type { Project } from '../projects/project.js'
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
import { startServing } from './serving.js'

export interface Session extends RegistryHandle {
  readonly temporal: TemporalHandle
  readonly client: Client
  readonly projects: ReadonlyMap<string, Project>
  /** Where decisions are asked for. */
  readonly servingUrl: string
  /** Rejects when a worker fails. */
  readonly running: Promise<void>
}

export async function openSession(ports: { port?: number; uiPort?: number } = {}): Promise<Session> {
  const opened: Stoppable[] = []
  const stop = async () => {
    for (const part of opened.splice(0).reverse()) await part.stop()
  }
  try {
    const [projects, registry, temporal] = await Promise.all([
      loadProjects(),
      keep(opened, openRegistryHandle(progress)),
      keep(opened, openTemporal(progress, ports)),
    ])
    const { client, close } = await connectClient(temporal)
    opened.push({ stop: close })
    const deps = { ...registry, projects, now: Date.now, workFolder: join(home(), 'work') }
    progress('starting workers')
    const { NativeConnection, Runtime, makeTelemetryFilterString } = await import('@temporalio/worker')
    Runtime.install({
      // Stopping is this file's: it ends workers before servers.
      shutdownSignals: [],
      telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
      logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
    })
    const connection = await NativeConnection.connect({ address: temporal.address })
    opened.push({ stop: () => connection.close() })
    const { startWorkers } = await import('../workers/create-workers.js')
    const workers = await startWorkers({ connection, namespace: temporal.namespace, deps })
    opened.push({ stop: () => workers.shutdown() })
    for (const project of projects.values()) {
      const { releaseId, created } = await initProject(deps, project, 'slipway init')
      if (created) progress(`${project.name}: registered its baseline ${releaseId} as the first production release`)
    }
    // Last, so that it is ready at once: every project has a production release by now.
    const serving = await keep(opened, startServing(servingEnvironment(temporal)))
    progress(`decision service ${serving.url}`)
    const running = Promise.race([workers.running, serving.running])
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

/** Remembers what opened even when its neighbour fails. */
async function keep<Part extends Stoppable>(opened: Stoppable[], opening: Promise<Part>): Promise<Part> {
  const part = await opening
  opened.push(part)
  return part
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
