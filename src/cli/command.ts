import type { Readable, Writable } from 'node:stream'
import type { Env, ReadFile } from '../config/environment.js'
import type { OptionName, Values } from './options.js'

/** A command of the command line, and what it may use of the process. */

export interface Command {
  readonly name: string
  /** The positional arguments, in order, by the names that the help shows. */
  readonly takes: readonly Argument[]
  readonly summary: string
  /** The description, in whole sentences. */
  readonly details?: string
  readonly options: readonly OptionName[]
  /** What some of them mean here, instead of their usual meaning. */
  readonly meanings?: Readonly<Partial<Record<OptionName, string>>>
  readonly examples: readonly string[]
  /** The npm script of a checkout that runs it. */
  readonly script?: string
  /** Calls the API of a running router. */
  readonly isOnline?: true
  /** Loaded on demand, so that `start` does not wait for the other commands. */
  readonly load: () => Promise<Run>
}

export interface Argument {
  readonly name: string
  readonly isOptional?: true
  /** All allowed values. */
  readonly words?: readonly string[]
  readonly completes?: 'files'
}

/** `runs on`: the process keeps running and sets its exit code itself. */
export type Outcome = number | 'runs on'

export type Run = (line: Line, world: Surroundings) => Promise<Outcome>

/** A parsed command line. */
export interface Line {
  readonly values: Values
  /** The number of required arguments. */
  readonly given: readonly string[]
}

export interface Surroundings {
  readonly env: Env
  readonly readFile: ReadFile
  readonly input: Readable
  readonly output: Writable
  readonly errors: Writable
  /** Output goes to a terminal. */
  readonly hasScreen: boolean
  /** Input comes from a terminal, so that questions can be asked. */
  readonly isTerminal: boolean
  readonly isColoured: boolean
  /** The width of output lines. */
  readonly width: number
  readonly version: string
  /** The command that starts another process of this program. */
  readonly node: string
  /** From here on a signal calls this instead of ending the process. */
  readonly onSignal: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', act: () => void) => void
}

/** The exit codes. */
export const EXIT = {
  done: 0,
  /** Refused, failed, or invalid. */
  failed: 1,
  /** The command line is invalid. */
  usage: 2,
  /** The router does not answer. */
  noRouter: 3,
  /** The token is missing or refused. */
  noToken: 4,
} as const

/** Ends a command with a message for the user, without a stack. */
export class Trouble extends Error {
  readonly exitCode: number

  constructor(exitCode: Exclude<(typeof EXIT)[keyof typeof EXIT], 0>, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

export const write = ({ output }: Pick<Surroundings, 'output'>, text: string): void => void output.write(`${text}\n`)

/** Aborted by Ctrl-C or another signal. */
export function untilStopped({ onSignal }: Pick<Surroundings, 'onSignal'>): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) onSignal(signal, () => stop.abort())
  return stop.signal
}
