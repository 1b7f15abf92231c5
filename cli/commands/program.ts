/** The `slipway` program with its global options: run by `main.ts`, documented in docs/reference/cli.md. */
import { delimiter } from 'node:path'
import { Command } from 'commander'
import { registerCommands } from './all-commands.js'

/** @param wanted the command to register completely; absent: all of them */
export async function createProgram(wanted?: string): Promise<Command> {
  const program = new Command('slipway')
    .description('Durable ML releases on Temporal')
    .version('0.1.0')
    .showHelpAfterError('(add --help to list commands and options)')
    .option(
      '--projects <folders>',
      `project folders outside Slipway, separated by ${delimiter} (also SLIPWAY_PROJECTS)`,
    )
    .exitOverride()
    .hook('preAction', () => {
      const { projects } = program.opts<{ projects?: string }>()
      // Set in the environment so that child processes (trainers, the decision service) see the same projects.
      if (projects)
        process.env.SLIPWAY_PROJECTS = [process.env.SLIPWAY_PROJECTS, projects].filter(Boolean).join(delimiter)
    })
  await registerCommands(program, wanted)
  return program
}
