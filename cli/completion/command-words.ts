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
}

/** A shell script quotes them, so that no text of a description is run. */
const plain = (text: string): string => text.replace(/[^\w .,;:()/<>-]/g, '')

export function commandWords(program: Command, path = ''): CommandWords[] {
  const shown = program.options.filter(({ hidden, long }) => !hidden && long)
  const own: CommandWords = {
    path,
    commands: [
      ...program.commands.map((command) => ({ text: command.name(), about: plain(command.description()) })),
      ...program.registeredArguments.flatMap(({ argChoices, description }) =>
        (argChoices ?? []).map((text) => ({ text, about: plain(description) })),
      ),
    ],
    options: [...shown.map(({ long, description }) => ({ text: long ?? '', about: plain(description) })), HELP],
    choices: shown.flatMap(({ long, argChoices }) => (argChoices ? [{ option: long ?? '', values: argChoices }] : [])),
  }
  const below = program.commands.flatMap((command) =>
    commandWords(command, path === '' ? command.name() : `${path} ${command.name()}`),
  )
  return [own, ...below]
}

const HELP: Word = { text: '--help', about: 'display help for command' }
