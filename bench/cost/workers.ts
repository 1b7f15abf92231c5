/** Workers of Slipway for the no-op project in this process. */
import { join } from 'node:path'
import { makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker'
import type { Dependencies } from '../../activities/dependencies.js'
import { keepOutput } from '../../activities/training/trainer-output.js'
import { startWorkers } from '../../workers/create-workers.js'
import { project } from './noop-project/index.js'
import type { RegistryServer } from './servers.js'
import type { Opened } from './stack.js'

/** Trains in this process: what remains is the cost of Slipway without the start of the trainer's process. */
export const trainHere: NonNullable<Dependencies['runTrainer']> = async ({ request }, { outputFile }) => {
  const output = await keepOutput(outputFile)
  const result = await project.train(request, () => {})
  return { result, output: await output.close(), peakMemoryBytes: null }
}

let quiet = false

export async function connectWorkers(opened: Opened, address: string): Promise<NativeConnection> {
  if (!quiet) {
    const logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }
    const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) }
    Runtime.install({ shutdownSignals: [], telemetryOptions: { logging }, logger })
    quiet = true
  }
  const connection = await NativeConnection.connect({ address })
  opened.push(() => connection.close())
  return connection
}

/** @param runTrainer absent: in a process of its own, as the product does */
export async function startNoopWorkers(
  opened: Opened,
  connection: NativeConnection,
  { registry, artifacts, folder }: RegistryServer,
  runTrainer?: Dependencies['runTrainer'],
): Promise<() => Promise<void>> {
  const workers = await startWorkers({
    connection,
    deps: {
      registry,
      artifacts,
      projects: new Map([[project.name, project]]),
      now: Date.now,
      workFolder: join(folder, 'work'),
      ...(runTrainer === undefined ? {} : { runTrainer }),
    },
  })
  opened.push(() => workers.shutdown())
  return () => workers.shutdown()
}
