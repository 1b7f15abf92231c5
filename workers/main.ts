/**
 * A separate worker process: `node bin/run.js workers/main.ts [PROJECT…]`, or the queues of SLIPWAY_TASK_QUEUES.
 * Environment variables name Temporal, the database and the artifact store.
 */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import type { Logger } from 'pino'
import { WORK_SECONDS } from '../activities/worker-metrics.js'
import { SlipwayError } from '../contracts/failure.js'
import { readSecretFiles } from '../contracts/secret-files.js'
import { terminalText } from '../contracts/terminal-text.js'
import { loadProjects, requireProject } from '../projects/load.js'
import { createArtifactStore, openRegistry } from '../registry/index.js'
import { proverOfEnvironment } from '../releases/identity/prover.js'
import { startWorkers } from './create-workers.js'
import { stopSignal } from './end-in-time.js'
import { jsonLog } from './json-log.js'
import { dataConverterOfEnvironment } from './payloads/data-converter.js'
import { type Served, servedQueues } from './task-queues.js'
import { describeTemporal, temporalOfEnvironment } from './temporal-environment.js'
import { tracesOfEnvironment } from './traces/open-traces.js'
import { traceActivities } from './traces/trace-activities.js'
import { buildIdOf, workflowBundle } from './workflow-build.js'

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new SlipwayError('BadRequest', `${name} is not set; a separate worker process needs it`)
  return value
}

/** Arguments are projects to serve, besides workflows and shared activities. */
function served(projects: Awaited<ReturnType<typeof loadProjects>>): Served {
  const named = process.argv.slice(2)
  for (const name of named) requireProject(projects, name)
  if (named.length > 0) return { shared: true, projects: named }
  return servedQueues(process.env.SLIPWAY_TASK_QUEUES, [...projects.keys()])
}

/** The SDK adds workflow id, task queue and activity to what it logs. */
const sdkLogger = (logger: Logger) =>
  new DefaultLogger('INFO', ({ level, message, meta }) => {
    const write = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const
    logger[write[level]](meta ?? {}, message)
  })

const report = (problem: string) => void process.stderr.write(`slipway worker: ${terminalText(problem)}\n`)

async function main(): Promise<void> {
  const stopping = stopSignal('slipway worker')
  // While it starts, nothing has begun that would have to be stopped.
  const endAtOnce = () => process.exit(0)
  stopping.addEventListener('abort', endAtOnce)
  readSecretFiles()
  const temporal = temporalOfEnvironment()
  if (!temporal) throw new SlipwayError('BadRequest', 'TEMPORAL_ADDRESS is not set; a separate worker process needs it')
  const artifactsFolder = required('SLIPWAY_ARTIFACTS')
  const databaseUrl = required('SLIPWAY_DATABASE_URL')
  const projects = await loadProjects()
  const queues = served(projects)
  const dataConverter = dataConverterOfEnvironment(process.env, report)
  const prover = proverOfEnvironment()
  const bundle = await workflowBundle()
  const bindAddress = process.env.SLIPWAY_METRICS
  const logger = await jsonLog('worker')
  const traces = tracesOfEnvironment('slipway-worker')
  Runtime.install({
    // The library would stop its workers and leave housekeeping at work, which keeps the process alive.
    shutdownSignals: [],
    ...(logger ? { logger: sdkLogger(logger) } : {}),
    ...(bindAddress
      ? { telemetryOptions: { metrics: { prometheus: { bindAddress, histogramBucketOverrides: WORK_SECONDS } } } }
      : {}),
  })
  const registry = await openRegistry({ databaseUrl, artifactsFolder, service: true })

  const runOf = async (id: string) => (await registry.runs.list(undefined, { workflowIds: [id] })).at(0)

  // The same folder for the next worker: it continues from the checkpoints that a killed worker left.
  const workFolder = resolve(process.env.SLIPWAY_HOME || '.slipway', 'work')
  mkdirSync(workFolder, { recursive: true })
  const connection = await NativeConnection.connect(temporal.connection).catch((error: unknown) => {
    const problem = String((error as Error).message).split('\n')[0]
    throw new SlipwayError('Unavailable', `no Temporal answers at ${describeTemporal(temporal.connection)}: ${problem}`)
  })
  const deploymentName = process.env.SLIPWAY_DEPLOYMENT
  const buildId = buildIdOf(bundle)
  const workers = await startWorkers({
    connection,
    namespace: temporal.namespace,
    deps: { registry, artifacts: createArtifactStore(artifactsFolder), projects, now: Date.now, workFolder, prover },
    workflowBundle: bundle,
    dataConverter,
    threads: true,
    ...(traces ? { interceptors: { activity: [traceActivities(traces, runOf)] } } : {}),
    ...queues,
    ...(deploymentName ? { deployment: { deploymentName, buildId } } : {}),
  })
  stopping.removeEventListener('abort', endAtOnce)
  const stopped = new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve()))
  process.stdout.write('worker ready\n')
  try {
    // When one fails, the others are stopped and the process ends.
    await Promise.race([workers.running, stopped])
  } finally {
    await workers.shutdown()
    await connection.close()
    await registry.close()
    await traces?.stop()
  }
}

await main().catch((error: unknown) => {
  if (!(error instanceof SlipwayError)) throw error
  process.stderr.write(`slipway worker: ${terminalText(error.message)}\n`)
  process.exit(error.type === 'BadRequest' ? 2 : 1)
})
