import { Argument, type Command } from 'commander'
import { commandWords } from '../completion/command-words.js'
import { completionScript, SHELLS, type Shell } from '../completion/scripts.js'

/** @param program with every command registered completely */
export function registerCompletionCommand(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell that will read it').choices(SHELLS))
    .description('print a script that completes commands and options in bash, zsh or fish')
    .action((shell: Shell) => {
      process.stdout.write(`${completionScript(shell, commandWords(program))}\n`)
    })
}
