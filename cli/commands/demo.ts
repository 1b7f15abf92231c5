/** The main job: everything embedded, the candidates of every project, their verdicts. */
import { type Command, Option } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
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

/** Live traffic needs time to be sent in. */
const SPEED = { replay: 40_000, live: 20_000 } as const

export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('run the candidates of every project to their verdicts, with time compressed')
    .option('--exit', 'end when the verdicts are in, instead of staying up')
    .addOption(
      new Option('--evidence <from>', 'judge on what clients ask of the decision service, or on the same days replayed')
        .choices(['live', 'replay'])
        .default('live'),
    )
    .option(
      '--speed <n>',
      `how many times faster than real time (default: ${SPEED.replay}; live ${SPEED.live})`,
      Number,
    )
    .option('--port <port>', 'port of the embedded Temporal server', portNumber)
    .option('--ui-port <port>', 'port of its Web UI', portNumber)
    .option('--json', 'print one line of JSON per release')
    .action(async (options: Options) => {
      const { evidence } = options
      const speed = options.speed ?? SPEED[evidence]
      if (!Number.isFinite(speed) || speed <= 0)
        throw new SlipwayError('BadRequest', '--speed must be a number above zero')
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
          progress('staying up; Ctrl-C stops it, the next start continues here')
          await failing
        },
      )
      progress(ended ? 'stopped' : 'stopped before all verdicts were in; the next start continues here')
      if (!ended) process.exitCode = 1
    })
}

interface Demo extends Stoppable {
  readonly session: Session
  readonly clients: TrafficClients
  /** Rejects when a part of it fails. */
  readonly failing: Promise<void>
}

/** The clients end first: what they ask for would not be answered any more. */
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

/** Workers end only when they are told to, or when one fails. */
const failure = async (running: Promise<void>): Promise<never> => {
  await running
  throw new Error('the workers stopped')
}
