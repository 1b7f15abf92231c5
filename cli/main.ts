/** The `slipway` command: exit code 0 done, 1 failed, 2 wrong usage. */
import { delimiter } from 'node:path'
import { Command, CommanderError } from 'commander'
import { registerAliasCommands } from './commands/alias.js'
import { registerDemoCommand } from './commands/demo.js'
import { registerDoctorCommand } from './commands/doctor.js'
import { registerJudgeCommands } from './commands/judge.js'
import { registerRegistryCommands } from './commands/registry.js'
import { registerReleaseCommands } from './commands/release.js'
import { registerReportCommand } from './commands/report.js'
import { registerRollbackCommand } from './commands/rollback.js'
import { registerScheduleCommands } from './commands/schedule.js'
import { registerServeCommand } from './commands/serve.js'
import { registerTokenCommands } from './commands/token.js'
import { registerTraceCommand } from './commands/trace.js'
import { registerTrafficCommand } from './commands/traffic.js'
import { registerUpCommands } from './commands/up.js'
import { reportFailure } from './output.js'

const program = new Command('slipway')
  .description('Durable ML releases on Temporal')
  .version('0.1.0')
  .showHelpAfterError('(add --help for what there is)')
  .option('--projects <folders>', `project folders outside Slipway, separated by ${delimiter} (also SLIPWAY_PROJECTS)`)
  .exitOverride()
  .hook('preAction', () => {
    const { projects } = program.opts<{ projects?: string }>()
    // In the environment, so that trainers and workers of their own know them, too.
    if (projects)
      process.env.SLIPWAY_PROJECTS = [process.env.SLIPWAY_PROJECTS, projects].filter(Boolean).join(delimiter)
  })

registerDemoCommand(program)
registerUpCommands(program)
registerReleaseCommands(program)
registerReportCommand(program)
registerRollbackCommand(program)
registerAliasCommands(program)
registerServeCommand(program)
registerTraceCommand(program)
registerTokenCommands(program)
registerJudgeCommands(program)
registerTrafficCommand(program)
registerRegistryCommands(program)
registerScheduleCommands(program)
registerDoctorCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportFailure(error, process.argv.includes('--json'))
}
