import { type Command, type Run, write } from './command.js'
import { meaningIn } from './help.js'
import { type Option, type OptionName, options } from './options.js'

/** Shell completion scripts, derived from the tables of commands and options. */

export function completionOf(commands: readonly Command[]): Run {
  return async ({ given }, world) => {
    write(world, given[0] === 'bash' ? bash(commands) : zsh(commands))
    return 0
  }
}

const namesOf = ({ options }: Command): readonly OptionName[] => [...options, 'help']
const optionOf = (name: OptionName): Option<unknown> => options[name]

export function bash(commands: readonly Command[]): string {
  const names = [...new Set(commands.flatMap(namesOf))]
  const words = names.filter((name) => optionOf(name).words !== undefined)
  const files = names.filter((name) => optionOf(name).completes === 'files')
  const others = names.filter((name) => optionOf(name).kind !== undefined && ![...words, ...files].includes(name))
  const offer = (list: readonly string[]): string => `COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$word"))`
  return [
    '# message-router completion bash',
    '_message_router() {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
    '  local word="${COMP_WORDS[COMP_CWORD]}" last="${COMP_WORDS[COMP_CWORD-1]}"',
    '  COMPREPLY=()',
    '  if ((COMP_CWORD == 1)); then',
    `    ${offer([...commands.map(({ name }) => name), '--help', '--version'])}`,
    '    return',
    '  fi',
    '  case "$last" in',
    ...words.map((name) => `    --${name}) ${offer(optionOf(name).words!)}; return ;;`),
    `    ${files.map((name) => `--${name}`).join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;`,
    `    ${others.map((name) => `--${name}`).join('|')}) return ;;`,
    '  esac',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
    '  case "${COMP_WORDS[1]}" in',
    ...commands.map((command) => {
      const { takes } = command
      const own = takes.flatMap((each) => each.words ?? [])
      const isFile = takes.some(({ completes }) => completes === 'files')
      const options = offer([...own, ...namesOf(command).map((name) => `--${name}`)])
      return `    ${command.name}) ${options}${isFile ? ' ; COMPREPLY+=($(compgen -f -- "$word"))' : ''} ;;`
    }),
    '  esac',
    '}',
    'complete -F _message_router message-router',
  ].join('\n')
}

export function zsh(commands: readonly Command[]): string {
  return [
    '#compdef message-router',
    '# message-router completion zsh',
    '_message_router() {',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`),
    '  )',
    '  if ((CURRENT == 2)); then',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  local command="$words[2]"',
    '  shift words',
    '  ((CURRENT--))',
    '  case "$command" in',
    ...commands.map((command) => {
      const rows = [...namesOf(command).map((name) => zshOption(command, name)), ...command.takes.map(zshArgument)]
      return `    ${command.name}) _arguments ${rows.map(quoted).join(' ')} ;;`
    }),
    '  esac',
    '}',
    'if [ "$funcstack[1]" = "_message_router" ]; then _message_router "$@"; else compdef _message_router message-router; fi',
  ].join('\n')
}

function zshOption(command: Command, name: OptionName): string {
  const { kind, value, words, completes } = optionOf(name)
  const said = `--${name}[${meaningIn(command, name).replace(/[[\]]/g, '')}]`
  if (kind === undefined) return said
  return `${said}:${value!.replaceAll(':', ' ')}:${words === undefined ? (completes === 'files' ? '_files' : ' ') : `(${words.join(' ')})`}`
}

function zshArgument({ name, isOptional, words, completes }: Command['takes'][number]): string {
  const values = words === undefined ? (completes === 'files' ? '_files' : ' ') : `(${words.join(' ')})`
  return `${isOptional ? '::' : ':'}${name}:${values}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
