/** The `slipway` command: exit code 0 done, 1 failed, 2 wrong usage. */
import { delimiter } from 'node:path'
import { Command, CommanderError } from 'commander'
import { commandOf, registerCommands } from './commands/index.js'
import { reportFailure } from './runtime/output.js'

const program = new Command('slipway')
  .description('Durable ML releases on Temporal')
  .version('0.1.0')
  .showHelpAfterError('(add --help to list commands and options)')
  .option('--projects <folders>', `project folders outside Slipway, separated by ${delimiter} (also SLIPWAY_PROJECTS)`)
  .exitOverride()
  .hook('preAction', () => {
    const { projects } = program.opts<{ projects?: string }>()
    // Set in the environment so that child processes (trainers, the decision service) see the same projects.
    if (projects)
      process.env.SLIPWAY_PROJECTS = [process.env.SLIPWAY_PROJECTS, projects].filter(Boolean).join(delimiter)
  })

await registerCommands(program, commandOf(process.argv.slice(2)))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportFailure(error, process.argv.includes('--json'))
}

// All work is done and reported by now. A worker that did not stop cleanly leaves open handles that would keep the
// process alive.
setTimeout(() => process.exit(), 5_000).unref()
