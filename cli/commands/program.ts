/** The `slipway` program with its global options: run by `main.ts`, described by docs/reference/cli.md. */
import { delimiter } from 'node:path'
import { Command } from 'commander'
import { registerCommands } from './index.js'

/** @param wanted the top-level command that is registered whole; all when absent */
export async function createProgram(wanted?: string): Promise<Command> {
  const program = new Command('slipway')
    .description('Durable ML releases on Temporal')
    .version('0.1.0')
    .showHelpAfterError('(add --help for what there is)')
    .option(
      '--projects <folders>',
      `project folders outside Slipway, separated by ${delimiter} (also SLIPWAY_PROJECTS)`,
    )
    .exitOverride()
    .hook('preAction', () => {
      const { projects } = program.opts<{ projects?: string }>()
      // In the environment, so that trainers and workers of their own know them, too.
      if (projects)
        process.env.SLIPWAY_PROJECTS = [process.env.SLIPWAY_PROJECTS, projects].filter(Boolean).join(delimiter)
    })
  await registerCommands(program, wanted)
  return program
}
