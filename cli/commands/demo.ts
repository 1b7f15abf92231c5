/** The main job: everything embedded, three ETA candidates, their verdicts. */
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { demoSummary, runDemo } from '../demo.js'
import { closing } from '../interruption.js'
import { progress } from '../output.js'
import { openSession } from '../session.js'
import { portNumber } from './port-number.js'

interface Options {
  exit?: boolean
  json?: boolean
  speed: number
  port?: number
  uiPort?: number
}

export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('run a release of each kind on real flights, with time compressed, and show the verdicts')
    .option('--exit', 'end when the verdicts are in, instead of staying up')
    .option('--speed <n>', 'how many times faster than real time', Number, 40_000)
    .option('--port <port>', 'port of the embedded Temporal server', portNumber)
    .option('--ui-port <port>', 'port of its Web UI', portNumber)
    .option('--json', 'print one line of JSON per release')
    .action(async (options: Options) => {
      if (!Number.isFinite(options.speed) || options.speed <= 0)
        throw new SlipwayError('BadRequest', '--speed must be a number above zero')
      let ended = false
      await closing(
        (signal) => openSession(options, signal),
        async (session) => {
          const results = await Promise.race([runDemo(session, options), failure(session.running)])
          if (!options.json) process.stdout.write(`${await demoSummary(session, results)}\n`)
          if (results.some((result) => result.verdict === 'failed')) process.exitCode = 1
          ended = true
          if (options.exit) return
          progress('staying up; Ctrl-C stops it, the next start continues here')
          await session.running
        },
      )
      progress(ended ? 'stopped' : 'stopped before all verdicts were in; the next start continues here')
      if (!ended) process.exitCode = 1
    })
}

/** Workers end only when they are told to, or when one fails. */
const failure = async (running: Promise<void>): Promise<never> => {
  await running
  throw new Error('the workers stopped')
}
