/** The `slipway` command: exit code 0 done, 1 failed, 2 wrong usage. */
import { CommanderError } from 'commander'
import { readSecretFiles } from '../contracts/secret-files.js'
import { commandOf } from './commands/all-commands.js'
import { createProgram } from './commands/program.js'
import { wasInterrupted } from './runtime/interruption.js'
import { reportFailure } from './runtime/output.js'

try {
  readSecretFiles()
} catch (error) {
  process.exit(reportFailure(error, process.argv.includes('--json')))
}
const program = await createProgram(commandOf(process.argv.slice(2)))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportFailure(error, process.argv.includes('--json'))
}

// All work is done and reported by now. A worker that did not stop cleanly leaves open handles that would keep the
// process alive; after Ctrl-C, so does the work that it interrupted.
setTimeout(() => process.exit(), wasInterrupted() ? 200 : 5_000).unref()
