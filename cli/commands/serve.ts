/** `slipway serve`: the decision service in its own process. `up` and `demo` start one beside their workers. */
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { decimalOf } from '../../contracts/decimal.js'
import { SlipwayError } from '../../contracts/failure.js'
import { createApp, createAttemptLog, listen, openIdentity, openTokens, requireSafeBinding } from '../../http/index.js'
import { loadProjects } from '../../projects/load.js'
import { mostSourceBytes } from '../../releases/sources/limits.js'
import { startService } from '../../serving/index.js'
import { END_WITHIN_MS } from '../../workers/end-in-time.js'
import { dataConverterOfEnvironment } from '../../workers/payloads/data-converter.js'
import { tracesOfEnvironment } from '../../workers/traces/open-traces.js'
import { checkInChild } from '../runtime/check-in-child.js'
import { environmentOfParent } from '../runtime/environment-of-parent.js'
import { closing } from '../runtime/interruption.js'
import { logAsJson } from '../runtime/log-as-json.js'
import { progress, show } from '../runtime/output.js'
import { findTemporal, home, openRegistryHandle, type Stoppable, workflowUrl } from '../runtime/platform.js'
import { servingPort } from '../runtime/serving-port.js'
import { servingTemporal } from '../runtime/serving-temporal.js'
import { portNumber } from './port-number.js'

interface Options {
  port?: number
  bind?: string
  json?: boolean
  fromParent?: boolean
}

const REQUESTS_PER_SECOND = 10_000
const BODY_BYTES = 1 << 20

export function registerServeCommand(program: Command): void {
  program
    .command('serve')
    .description('start only the decision service; stays up until Ctrl-C')
    .option('--port <port>', 'port to listen on (default: SLIPWAY_PORT, else 7070 or the next free port)', portNumber)
    .option('--bind <address>', 'address to listen on (default: SLIPWAY_BIND, else 127.0.0.1)')
    .option('--json', 'print JSON')
    .addOption(new Option('--from-parent', 'wait for what `up` or `demo` sends').hideHelp())
    .action(serve)
}

async function serve(options: Options): Promise<void> {
  await logAsJson('decisions')
  await closing(
    (signal) => openServing(options, signal),
    async ({ url }) => {
      show(options, { decisionService: url }, () => `decision service ${url}`)
      process.send?.({ url })
      await parentGone()
    },
    END_WITHIN_MS,
  )
  // Otherwise the channel to the parent keeps this process alive.
  if (process.connected) process.disconnect()
}

async function openServing(options: Options, signal: AbortSignal): Promise<Stoppable & { url: string }> {
  const loading = loadProjects()
  // It is reported where they are awaited.
  loading.catch(() => {})
  if (options.fromParent) await environmentOfParent(signal)
  const host = options.bind ?? process.env.SLIPWAY_BIND ?? '127.0.0.1'
  const live = openTokens(process.env.SLIPWAY_TOKENS || join(home(), 'tokens.json'), progress)
  const { tokens } = live
  const { verifyBearer, prover, sessions } = await openIdentity()
  requireSafeBinding(host, tokens, verifyBearer !== undefined)
  const { port, instead } = await servingPort(options.port, host)
  const opened: Stoppable[] = [{ stop: async () => live.stop() }]
  const stop = async () => {
    for (const part of opened.splice(0).reverse()) await part.stop()
  }
  try {
    const handle = await openRegistryHandle({ onProgress: progress, service: true })
    opened.push(handle)
    const temporal = await findTemporal().catch(nullIfUnavailable)
    const temporalCalls = servingTemporal()
    opened.push(temporalCalls)
    const service = await startService({
      ...handle,
      projects: await loading,
      spoolFolder: join(home(), 'spool'),
      onProblem: progress,
      shadowThreads: true,
      ...(temporal === null ? {} : { signalBreach: temporalCalls.signalBreach }),
    })
    opened.push(service)
    const traces = tracesOfEnvironment('slipway-decisions')
    if (traces) opened.push(traces)
    const app = createApp(service, {
      traces,
      tokens,
      requestsPerSecond: positive('SLIPWAY_REQUESTS_PER_SECOND', REQUESTS_PER_SECOND),
      bodyBytes: positive('SLIPWAY_BODY_BYTES', BODY_BYTES),
      bodiesFollowProjects: !process.env.SLIPWAY_BODY_BYTES,
      workflowUrl: (id) => (temporal === null ? null : workflowUrl(temporal, id)),
      startRelease: temporalCalls.start,
      snapshots: { folder: join(home(), 'uploads'), most: mostSourceBytes(), check: checkInChild },
      withClient: temporalCalls.withClient,
      verifyBearer,
      sessions,
      prover,
      codec: dataConverterOfEnvironment(process.env, progress)?.payloadCodecs?.[0],
      uiOrigin: temporal?.uiUrl ? new URL(temporal.uiUrl).origin : undefined,
      onRefused: createAttemptLog(progress),
      version: '0.1.0',
    })
    const listening = await listen(app, { host, port })
    opened.push({ stop: () => listening.close() })
    if (instead) progress(`port 7070 is in use; the decision service listens on ${listening.port} instead`)
    return { url: listening.url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * The service decides without Temporal too. A wrong configuration must still fail, or its error would never be seen.
 */
const nullIfUnavailable = (error: unknown): null => {
  if (error instanceof SlipwayError && error.type === 'Unavailable') return null
  throw error
}

/** Resolves when the parent process (`up` or `demo`) has ended, killed or not. Without a parent it never resolves. */
const parentGone = (): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.once('disconnect', () => resolve())
  })

function positive(name: string, otherwise: number): number {
  const text = process.env[name]
  if (!text) return otherwise
  const value = decimalOf(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new SlipwayError('BadRequest', `${name} is "${text}"; it must be a whole number above zero`)
}
