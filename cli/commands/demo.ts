/** The main job: everything embedded, three ETA candidates, their verdicts. */
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { demoSummary, runDemo } from '../demo.js'
import { progress } from '../output.js'
import { openSession, untilInterrupted } from '../session.js'
import { portNumber } from './up.js'

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
      const interrupted = untilInterrupted()
      const session = await openSession(options)
      try {
        const work = runDemo(session, options)
        const results = await Promise.race([work, interrupted, session.running])
        if (!results) return
        if (!options.json) process.stdout.write(`${await demoSummary(session, results)}\n`)
        if (results.some((result) => result.verdict === 'failed')) process.exitCode = 1
        if (options.exit) return
        progress('staying up; Ctrl-C stops it, the next start continues here')
        await Promise.race([interrupted, session.running])
      } finally {
        progress('stopping')
        await session.stop()
      }
    })
}
