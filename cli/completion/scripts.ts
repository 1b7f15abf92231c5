/** Completion scripts. They hold all words themselves: starting Slipway at each key would take a second. */
import type { CommandWords, Word } from './command-words.js'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export const completionScript = (shell: Shell, commands: readonly CommandWords[]): string => SCRIPTS[shell](commands)

const SCRIPTS: Record<Shell, (commands: readonly CommandWords[]) => string> = { bash, zsh, fish }

const texts = (words: readonly Word[]): string => words.map(({ text }) => text).join(' ')

/** `path` becomes the longest known command that the words before the cursor name; options and values are skipped. */
const pathOf = (commands: readonly CommandWords[]): string => {
  const known = commands.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`)
  return `  for word in "\${before[@]}"; do
    case "\${path:+$path }$word" in
      ${known.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done`
}

const choiceCases = (commands: readonly CommandWords[], reply: (values: string) => string): string =>
  commands
    .flatMap(({ path, choices }) =>
      choices.map(({ option, values }) => `    "${path} ${option}") ${reply(values.join(' '))}; return ;;`),
    )
    .join('\n')

const wordCases = (commands: readonly CommandWords[], assign: (own: CommandWords) => string): string =>
  commands.map((own) => `    "${own.path}") ${assign(own)} ;;`).join('\n')

function bash(commands: readonly CommandWords[]): string {
  return `# Completion of slipway for bash: source <(slipway completion bash)
_slipway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" word commands="" options=""
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=()
${pathOf(commands)}
  case "$path $previous" in
${choiceCases(commands, (values) => `COMPREPLY=($(compgen -W "${values}" -- "$current"))`)}
  esac
  case "$path" in
${wordCases(commands, (own) => `commands="${texts(own.commands)}"; options="${texts(own.options)}"`)}
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

function zsh(commands: readonly CommandWords[]): string {
  return `#compdef slipway
# Completion of slipway for zsh: source <(slipway completion zsh)
_slipway() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" path="" word
  local -a before known options
  before=("\${(@)words[2,CURRENT-1]}")
${pathOf(commands)}
  case "$path $previous" in
${choiceCases(commands, (values) => `compadd -- ${values}`)}
  esac
  case "$path" in
${wordCases(commands, (own) => `known=(${described(own.commands)}); options=(${described(own.options)})`)}
  esac
  if [[ "$current" == -* ]]; then _describe option options
  elif (( \${#known} )); then _describe command known
  else _files
  fi
}
compdef _slipway slipway`
}

function fish(commands: readonly CommandWords[]): string {
  const at = (path: string) => `-n '__slipway_at "${path}"'`
  const lines = commands.flatMap((own) => [
    ...own.commands.map(({ text, about }) => `complete -c slipway -f ${at(own.path)} -a ${text} -d '${about}'`),
    ...own.options.map(({ text, about }) => {
      const choices = own.choices.find(({ option }) => option === text)
      const values = choices ? ` -x -a '${choices.values.join(' ')}'` : ''
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
