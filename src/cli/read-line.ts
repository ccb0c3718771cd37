import { parseArgs } from 'node:util'
import { hintFor, noneOf } from '../config/nearest.js'
import type { Command, Line } from './command.js'
import { type Option, type OptionName, options, type Values } from './options.js'

/** Parses a command line into a command or an error. */

export type Read =
  | { readonly is: 'line'; readonly command: Command; readonly line: Line }
  /** Help for one command, or for all. */
  | { readonly is: 'help'; readonly command: Command | null }
  | { readonly is: 'version' }
  | { readonly is: 'wrong'; readonly command: Command | null; readonly why: string }

export function readLine(args: readonly string[], commands: readonly Command[]): Read {
  const [first, ...rest] = args
  if (first === '--version') return { is: 'version' }
  if (first === '--help' || first === '-h') return { is: 'help', command: null }
  if (first === 'help' && rest.length > 0) return readLine([rest[0]!, '--help'], commands)
  if (first === 'help') return { is: 'help', command: null }
  const command = commands.find(({ name }) => name === first)
  if (command === undefined) {
    const names = commands.map(({ name }) => name)
    return {
      is: 'wrong',
      command: null,
      why: first === undefined ? 'Which command?' : unknown('command', first, names),
    }
  }
  try {
    const line = lineOf(command, rest)
    return line.values.help ? { is: 'help', command } : { is: 'line', command, line }
  } catch (error) {
    return { is: 'wrong', command, why: (error as Error).message }
  }
}

function lineOf(command: Command, args: readonly string[]): Line {
  const names: readonly OptionName[] = [...command.options, 'help']
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      names.map((name) => {
        const { kind, short }: Option<unknown> = options[name]
        return [name, { type: kind === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) }]
      }),
    ),
  })
  const values: Partial<Record<OptionName, unknown>> = {}
  const given: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') given.push(token.value)
    else if (token.kind === 'option') {
      const name = names.find((each) => each === token.name)
      if (name === undefined) throw new Error(unknownOption(token, names))
      if (values[name] !== undefined) throw new Error(`${token.rawName} is given twice`)
      values[name] = givenFor(token, options[name])
    }
  }
  // A request for help is answered even if the rest of the line is invalid.
  if (values['help'] === undefined) checkArguments(command, given)
  // Each value was parsed by its option's kind.
  return { values: values as Values, given }
}

function givenFor(
  { rawName, value, inlineValue }: { rawName: string; value: string | undefined; inlineValue: boolean | undefined },
  { kind, value: shown }: Option<unknown>,
): unknown {
  if (kind === undefined) {
    if (value !== undefined) throw new Error(`${rawName} takes no value`)
    return true
  }
  if (value === undefined) throw new Error(`${rawName} wants a value: ${rawName} ${shown}`)
  if (!inlineValue && /^-./.test(value)) {
    throw new Error(`${rawName} wants a value: ${rawName} ${shown} (or ${rawName}=${value}, if that is the value)`)
  }
  const parsed = kind.parse(value)
  if (parsed.is === 'bad') throw new Error(`${rawName} ${parsed.why}`)
  return parsed.value
}

function checkArguments({ name, takes }: Command, given: readonly string[]): void {
  const missing = takes.slice(given.length).filter(({ isOptional }) => !isOptional)
  if (missing.length > 0) throw new Error(`${name} wants ${missing.map((each) => each.name).join(' and ')}`)
  const surplus = given[takes.length]
  if (surplus !== undefined) {
    const hint = takes.at(-1)?.name === 'TEXT' ? ': a text of several words stands in quotes' : ''
    throw new Error(`${name} does not know what to do with "${surplus}"${hint}`)
  }
  for (const [index, { name: argument, words }] of takes.entries()) {
    const text = given[index]
    if (text !== undefined && words !== undefined && !words.includes(text)) {
      throw new Error(`${argument} ${noneOf(text, words)}`)
    }
  }
}

/** Compared without the dashes that all options have. */
function unknownOption({ name, rawName }: { name: string; rawName: string }, names: readonly string[]): string {
  const hint = hintFor(name, names).replace(/(?<=(mean|are|,) )/g, '--')
  return `Unknown option '${rawName}': ${hint}`
}

function unknown(what: string, given: string, known: readonly string[]): string {
  return `Unknown ${what} '${given}': ${hintFor(given, known)}`
}
