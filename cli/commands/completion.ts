import { Argument, type Command } from 'commander'
import { errorText } from '../../contracts/error-text.js'
import { loadProjects } from '../../projects/load.js'
import { commandWords, type Word, wordOf } from '../completion/command-words.js'
import { completionScript, SHELLS, type Shell } from '../completion/scripts.js'
import { progress } from '../runtime/output.js'

/** @param program with every command registered completely */
export function registerCompletionCommand(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell that will read it').choices(SHELLS))
    .description('print a script that completes commands, options and projects in bash, zsh or fish')
    .action(async (shell: Shell) => {
      const projects = await projectWords()
      process.stdout.write(`${completionScript(shell, commandWords(program, projects), projects)}\n`)
    })
}

/** A project that cannot be loaded must not take the completion of the commands away. */
const projectWords = (): Promise<Word[]> =>
  loadProjects().then(
    (projects) => [...projects.values()].map(({ name, title }) => wordOf(name, title)),
    (error: unknown) => {
      progress(`projects are not completed: ${errorText(error)}`)
      return []
    },
  )
