import type { Command, Option } from 'commander'
import { examplesOf } from '../../cli/commands/examples.js'
import { createProgram } from '../../cli/commands/program.js'
import { code, GENERATED, page, table } from './markdown.js'

export async function cliReference(): Promise<string> {
  const program = await createProgram()
  return page(
    '# Command line',
    GENERATED,
    'In a clone of Slipway: `npm run slipway -- COMMAND …`. Elsewhere: `slipway COMMAND …`. Exit code 0 is done, 1 failed, 2 wrong usage. With ' +
      '`--json` a command prints JSON on standard output and messages on standard error.',
    '## Options of every command',
    optionsOf(program),
    ...program.commands.flatMap((command) => sections(command, '')),
  )
}

function sections(command: Command, before: string): string[] {
  const name = `${before}${command.name()}`
  const title = before === '' ? `## ${name}` : `### ${name}`
  const about = sentence(command.description())
  if (command.commands.length > 0)
    return [title, about, ...command.commands.flatMap((child) => sections(child, `${name} `))]
  const usage = ['slipway', name, ...command.registeredArguments.map(argument)].join(' ')
  const examples = examplesOf(name)
  return [
    title,
    about,
    fenced([`${usage}${command.options.length > 0 ? ' [options]' : ''}`]),
    optionsOf(command),
    ...(examples.length > 0 ? ['For example:', fenced(examples)] : []),
  ]
}

const fenced = (lines: readonly string[]): string => `\`\`\`\n${lines.join('\n')}\n\`\`\``

const argument = (given: { name(): string; required: boolean; variadic: boolean }): string => {
  const name = `${given.name()}${given.variadic ? '...' : ''}`
  return given.required ? `<${name}>` : `[${name}]`
}

function optionsOf(command: Command): string {
  if (command.options.length === 0) return ''
  return table(
    ['option', 'meaning'],
    command.options.filter(({ hidden }) => !hidden).map((option) => [code(option.flags), meaning(option)]),
  )
}

function meaning(option: Option): string {
  const { description, mandatory } = option
  const otherwise = defaultOf(option)
  const rest = [mandatory ? 'Required.' : '', otherwise === '' ? '' : `Default: ${otherwise}.`]
  return [sentence(description), ...rest].filter((part) => part !== '').join(' ')
}

/** As it is on every machine. */
function defaultOf({ defaultValue, defaultValueDescription }: Option): string {
  if (defaultValueDescription !== undefined) return defaultValueDescription
  return typeof defaultValue === 'string' || typeof defaultValue === 'number' ? code(String(defaultValue)) : ''
}

const sentence = (text: string): string =>
  text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
