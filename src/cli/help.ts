import { padded, wrapped } from '../terminal/text.js'
import type { Argument, Command } from './command.js'
import { type Option, type OptionName, options } from './options.js'

/** The help texts, derived from the tables of commands and options. */

const EXIT_CODES =
  'Exit codes: 0 done; 1 refused, failed or found wrong; 2 the command line is wrong; 3 no router answers; 4 the token is missing or not taken.'

export function helpOfAll(commands: readonly Command[], width: number): string {
  const rows = (isOnline: boolean): readonly string[] =>
    inColumns(
      commands
        .filter((command) => (command.isOnline === true) === isOnline)
        .map((command) => [[command.name, ...command.takes.map(shownArgument)].join(' '), command.summary]),
      width,
    )
  return [
    'Usage: message-router COMMAND [OPTIONS]',
    '',
    ...wrapped('Runs the message router, and does the day’s work on one that runs.', width),
    '',
    ...rows(false),
    '',
    ...wrapped('On a router that runs (--url and --token, or the environment):', width),
    '',
    ...rows(true),
    '',
    ...wrapped('message-router COMMAND --help says more; --version says which this is.', width),
    '',
    ...wrapped(EXIT_CODES, width),
  ].join('\n')
}

export function helpOf(command: Command, width: number): string {
  const { details, examples, script } = command
  const names: readonly OptionName[] = [...command.options, 'help']
  return [
    ...wrapped(usageOf(command), width),
    '',
    ...wrapped(`${sentence(command.summary)}${details === undefined ? '' : ` ${details}`}`, width),
    '',
    ...inColumns(
      names.map((name) => [shownOption(name), meaningIn(command, name)]),
      width,
    ),
    '',
    ...examples.map((example) => `  message-router ${example}`.trimEnd()),
    ...(script === undefined ? [] : ['', ...wrapped(`In a checkout: npm run ${script} -- [OPTIONS]`, width)]),
    '',
    ...wrapped(EXIT_CODES, width),
  ].join('\n')
}

export function meaningIn({ meanings }: Command, name: OptionName): string {
  return meanings?.[name] ?? options[name].meaning
}

export function usageOf({ name, takes }: Command): string {
  return `Usage: ${['message-router', name, ...takes.map(shownArgument), '[OPTIONS]'].join(' ')}`
}

/** Points to the help after an error. */
export function moreOn(command: Command | null): string {
  if (command === null) return 'message-router --help says more.'
  const { name, script } = command
  const inCheckout = script === undefined ? '' : ` (in a checkout: npm run ${script} -- --help)`
  return `message-router ${name} --help says more${inCheckout}.`
}

function shownArgument({ name, isOptional, words }: Argument): string {
  const shown = words === undefined ? name : words.join('|')
  return isOptional ? `[${shown}]` : shown
}

function shownOption(name: OptionName): string {
  const { short, value }: Option<unknown> = options[name]
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

/** The widest name in the first column; the text of a wider one goes below it. */
const WIDEST = 24

function inColumns(rows: readonly (readonly [string, string])[], width: number): readonly string[] {
  const names = Math.min(WIDEST, Math.max(...rows.map(([name]) => name.length)))
  return rows.flatMap(([name, text]) => {
    const [first, ...others] = wrapped(text, width - names - 4)
    const indent = ' '.repeat(names + 4)
    const rest = others.map((line) => indent + line)
    return name.length <= names
      ? [`  ${padded(name, names)}  ${first}`, ...rest]
      : [`  ${name}`, `${indent}${first}`, ...rest]
  })
}

function sentence(summary: string): string {
  return `${summary[0]!.toUpperCase()}${summary.slice(1)}.`
}
