/** `slipway demo`: starts the embedded servers and runs the candidates of every project to their verdicts. */
import { type Command, Option } from 'commander'
import { requireSpeed } from '../../contracts/clock.js'
import { demoSummary, runDemo } from '../demo/run-demo.js'
import { openTrafficClients, type TrafficClients } from '../demo/traffic-clients.js'
import { closing } from '../runtime/interruption.js'
import { progress } from '../runtime/output.js'
import type { Stoppable } from '../runtime/platform.js'
import { openSession, type Session } from '../runtime/session.js'
import { portNumber } from './port-number.js'

interface Options {
  exit?: boolean
  json?: boolean
  evidence: 'live' | 'replay'
  speed?: number
  port?: number
  uiPort?: number
}

/** Event time divided by wall time. Slower with live traffic: the clients need wall time to send it. */
const SPEED = { replay: 40_000, live: 20_000 } as const

export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('run the candidates of every project to their verdicts, with time compressed')
    .option('--exit', 'stop when all verdicts are in, instead of staying up')
    .addOption(
      new Option(
        '--evidence <from>',
        'judge decisions that clients request from the decision service (live), or replayed decisions (replay)',
      )
        .choices(['live', 'replay'])
        .default('live'),
    )
    .option(
      '--speed <n>',
      `event time runs this many times faster than real time (default: ${SPEED.live} live, ${SPEED.replay} replay)`,
      Number,
    )
    .option('--port <port>', 'port of the embedded Temporal server', portNumber)
    .option('--ui-port <port>', 'port of the embedded Temporal Web UI', portNumber)
    .option('--json', 'print one line of JSON per release')
    .action(async (options: Options) => {
      const { evidence } = options
      const speed = options.speed ?? SPEED[evidence]
      requireSpeed(speed, '--speed')
      let ended = false
      await closing(
        (signal) => openDemo(options, signal),
        async ({ session, clients, failing }) => {
          const demo = runDemo(session, clients, { speed, evidence, ...(options.json ? { json: true } : {}) })
          const results = await Promise.race([demo, failure(failing)])
          if (!options.json) process.stdout.write(`${await demoSummary(session, results)}\n`)
          if (results.some((result) => result.verdict === 'failed')) process.exitCode = 1
          ended = true
          if (options.exit) return
          progress('staying up; Ctrl-C stops it, and the next start continues from here')
          await failing
        },
      )
      progress(ended ? 'stopped' : 'stopped before all verdicts were in; the next start continues from here')
      if (!ended) process.exitCode = 1
    })
}

interface Demo extends Stoppable {
  readonly session: Session
  readonly clients: TrafficClients
  /** Rejects when a worker, the decision service or a traffic client fails. */
  readonly failing: Promise<void>
}

/** Clients stop first: after the session has stopped, nothing would answer their requests. */
async function openDemo(options: Options, signal: AbortSignal): Promise<Demo> {
  const session = await openSession(options, signal)
  const clients = openTrafficClients(session.servingUrl)
  const failing = Promise.race([session.running, clients.running])
  failing.catch(() => {})
  return {
    session,
    clients,
    failing,
    async stop() {
      await clients.stop()
      await session.stop()
    },
  }
}

/** Workers end only when they are stopped or when one of them fails. */
const failure = async (running: Promise<void>): Promise<never> => {
  await running
  throw new Error('the workers stopped')
}
