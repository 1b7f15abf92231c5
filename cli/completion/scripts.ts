/** Completion scripts. They hold all words themselves: starting Slipway at each key would take a second. */
import type { CommandWords, Word } from './command-words.js'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

type Script = (commands: readonly CommandWords[], projects: readonly Word[]) => string

/** @param projects those that a command may name */
export const completionScript = (
  shell: Shell,
  commands: readonly CommandWords[],
  projects: readonly Word[] = [],
): string => SCRIPTS[shell](commands, projects)

const SCRIPTS: Record<Shell, Script> = { bash, zsh, fish }

const texts = (words: readonly Word[]): string => words.map(({ text }) => text).join(' ')

/**
 * `at` becomes the longest known command that the words before the cursor name; options and values are skipped. A
 * project is named once. (Not `path`: in zsh that is where programs are found.)
 */
const placeOf = (commands: readonly CommandWords[], projects: readonly Word[]): string => {
  const known = commands.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`)
  const named = projects.map(({ text }) => `"${text}"`)
  return `  for word in "\${before[@]}"; do
    case "\${at:+$at }$word" in
      ${known.join('|')}) at="\${at:+$at }$word"; continue ;;
    esac
${named.length === 0 ? '' : `    case "$word" in ${named.join('|')}) projects=() ;; esac\n`}  done`
}

/** What follows an option that takes a value. */
const valueCases = (commands: readonly CommandWords[], reply: (values: string) => string, files: string): string =>
  commands
    .flatMap(({ path, choices, valued }) => [
      ...choices.map(({ option, values }) => `    "${path} ${option}") ${reply(values.join(' '))}; return ;;`),
      ...(valued.length === 0
        ? []
        : [`    ${valued.map((option) => `"${path} ${option}"`).join('|')}) ${files}return ;;`]),
    ])
    .join('\n')

const wordCases = (commands: readonly CommandWords[], assign: (own: CommandWords) => string): string =>
  commands.map((own) => `    "${own.path}") ${assign(own)} ;;`).join('\n')

const bashWords = (own: CommandWords) =>
  `commands="${texts(own.commands)}${own.takesProject ? `\${projects[*]}` : ''}"; options="${texts(own.options)}"`

function bash(commands: readonly CommandWords[], projects: readonly Word[]): string {
  return `# Completion of slipway for bash: source <(slipway completion bash)
_slipway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at="" word commands="" options=""
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}") projects=(${texts(projects)})
  COMPREPLY=()
${placeOf(commands, projects)}
  case "$at $previous" in
${valueCases(commands, (values) => `COMPREPLY=($(compgen -W "${values}" -- "$current"))`, '')}
  esac
  case "$at" in
${wordCases(commands, bashWords)}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$current")) ;;
  esac
}
complete -o default -F _slipway slipway`
}

const described = (words: readonly Word[]): string =>
  words.map(({ text, about }) => `'${text}:${about.replaceAll(':', '\\:')}'`).join(' ')

const zshWords = (own: CommandWords) =>
  `known=(${own.takesProject ? '"$projects[@]"' : described(own.commands)}); flags=(${described(own.options)})`

/** In a folder of `fpath`, zsh runs the file itself at the first completion. */
function zsh(commands: readonly CommandWords[], projects: readonly Word[]): string {
  return `#compdef slipway
# Completion of slipway for zsh, after compinit: source <(slipway completion zsh)
_slipway() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" at="" word
  local -a before known flags projects
  before=("\${(@)words[2,CURRENT-1]}")
  projects=(${described(projects)})
${placeOf(commands, projects)}
  case "$at $previous" in
${valueCases(commands, (values) => `compadd -- ${values}`, '_files; ')}
  esac
  case "$at" in
${wordCases(commands, zshWords)}
  esac
  if [[ "$current" == -* ]]; then _describe option flags
  elif (( \${#known} )); then _describe command known
  else _files
  fi
}
if [[ "$funcstack[1]" == _slipway ]]; then _slipway "$@"; else compdef _slipway slipway; fi`
}

function fish(commands: readonly CommandWords[], projects: readonly Word[]): string {
  const at = (path: string) => `-n '__slipway_at "${path}"'`
  const first = (path: string) => `-n '__slipway_at "${path}"; and not __fish_seen_subcommand_from ${texts(projects)}'`
  const lines = commands.flatMap((own) => [
    ...own.commands.map(({ text, about }) => `complete -c slipway -f ${at(own.path)} -a ${text} -d '${about}'`),
    ...(own.takesProject ? projects : []).map(
      ({ text, about }) => `complete -c slipway -f ${first(own.path)} -a ${text} -d '${about}'`,
    ),
    ...own.options.map(({ text, about }) => {
      const choices = own.choices.find(({ option }) => option === text)
      const values = choices ? ` -x -a '${choices.values.join(' ')}'` : own.valued.includes(text) ? ' -r' : ''
      return `complete -c slipway ${at(own.path)} -l ${text.slice(2)} -d '${about}'${values}`
    }),
  ])
  const known = commands.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  return `# Completion of slipway for fish: slipway completion fish > ~/.config/fish/completions/slipway.fish
function __slipway_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim "$path $word")
    if contains -- "$longer" ${known.join(' ')}
      set path $longer
    end
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}`
}
