/** What can follow each command, read from the program itself. */
import type { Command } from 'commander'

export interface Word {
  readonly text: string
  readonly about: string
}

export interface CommandWords {
  /** The names up to here, such as `release start`; empty for `slipway` itself. */
  readonly path: string
  /** Names of the commands below it, or the few values that its argument takes. */
  readonly commands: readonly Word[]
  /** Long names of its options. */
  readonly options: readonly Word[]
  /** Values of an option that takes one of a few, by its long name. */
  readonly choices: readonly { readonly option: string; readonly values: readonly string[] }[]
  /** Long names of the other options that take a value, which may be a file. */
  readonly valued: readonly string[]
  /** Its first argument is a project. */
  readonly takesProject: boolean
}

/** A shell script quotes them, so that no text of a description is run. */
const plain = (text: string): string => text.replace(/[^\w .,;:()/<>-]/g, '')

export const wordOf = (text: string, about: string): Word => ({ text, about: plain(about) })

/** @param projects those that an argument or an option may name */
export function commandWords(program: Command, projects: readonly Word[], path = ''): CommandWords[] {
  const shown = program.options.filter(({ hidden, long }) => !hidden && long)
  const names = projects.map(({ text }) => text)
  const choices = shown.flatMap(({ long, flags, argChoices }) => {
    const values = argChoices ?? (flags.endsWith(' <project>') ? names : [])
    return values.length > 0 ? [{ option: long ?? '', values }] : []
  })
  const own: CommandWords = {
    path,
    commands: [
      ...program.commands.map((command) => wordOf(command.name(), command.description())),
      ...program.registeredArguments.flatMap(({ argChoices, description }) =>
        (argChoices ?? []).map((text) => wordOf(text, description)),
      ),
    ],
    options: [...shown.map(({ long, description }) => wordOf(long ?? '', description)), HELP],
    choices,
    valued: shown
      .filter(({ long, required }) => required && !choices.some(({ option }) => option === long))
      .map(({ long }) => long ?? ''),
    takesProject: program.registeredArguments[0]?.name() === 'project',
  }
  const below = program.commands.flatMap((command) =>
    commandWords(command, projects, path === '' ? command.name() : `${path} ${command.name()}`),
  )
  return [own, ...below]
}

const HELP: Word = { text: '--help', about: 'display help for command' }
