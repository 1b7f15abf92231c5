/** The `slipway` command: exit code 0 done, 1 failed, 2 wrong usage. */
import { CommanderError } from 'commander'
import { commandOf } from './commands/index.js'
import { createProgram } from './commands/program.js'
import { reportFailure } from './runtime/output.js'

const program = await createProgram(commandOf(process.argv.slice(2)))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportFailure(error, process.argv.includes('--json'))
}

// Everything is ended and said. A worker that could not end cleanly leaves handles that would keep the process for ever.
setTimeout(() => process.exit(), 5_000).unref()
