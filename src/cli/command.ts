import type { Readable, Writable } from 'node:stream'
import type { Env, ReadFile } from '../config/environment.js'
import type { OptionName, Values } from './options.js'

/** What a command is, and what it has of the process around it. */

export interface Command {
  readonly name: string
  /** In their order, by the names that the help gives them. */
  readonly takes: readonly Argument[]
  readonly summary: string
  /** Whole sentences. */
  readonly details?: string
  readonly options: readonly OptionName[]
  readonly examples: readonly string[]
  /** The npm script of a checkout that calls it. */
  readonly script?: string
  /** It talks to a router that runs, over its API. */
  readonly isOnline?: true
  /** Loaded when it is wanted: `start` has nothing to wait for. */
  readonly load: () => Promise<Run>
}

export interface Argument {
  readonly name: string
  readonly isOptional?: true
  /** All values that there are. */
  readonly words?: readonly string[]
  readonly completes?: 'files'
}

/** `runs on`: the process ends by itself, and says then how that went. */
export type Outcome = number | 'runs on'

export type Run = (line: Line, world: World) => Promise<Outcome>

/** A command line that was understood. */
export interface Line {
  readonly values: Values
  /** As many as the command asks for at the least. */
  readonly given: readonly string[]
}

export interface World {
  readonly env: Env
  readonly readFile: ReadFile
  readonly input: Readable
  readonly output: Writable
  readonly errors: Writable
  /** What is written is seen by a person. */
  readonly hasScreen: boolean
  /** And that person can be asked. */
  readonly isTerminal: boolean
  readonly isColoured: boolean
  /** How wide lines may be. */
  readonly width: number
  readonly version: string
  /** The command that runs a program like this one. */
  readonly node: string
  /** From here on a signal does not end the process, but does this. */
  readonly onSignal: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', act: () => void) => void
}

/** What the exit code tells a script. */
export const EXIT = {
  done: 0,
  /** Refused, failed, or found wrong. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** No router answers. */
  noRouter: 3,
  /** The token is missing, or is not taken. */
  noToken: 4,
} as const

/** Ends a command with words for whoever typed it, and without a stack. */
export class Trouble extends Error {
  readonly exitCode: number

  constructor(exitCode: Exclude<(typeof EXIT)[keyof typeof EXIT], 0>, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

export const write = ({ output }: Pick<World, 'output'>, text: string): void => void output.write(`${text}\n`)

/** Aborted by Ctrl-C, or by whoever stops the process. */
export function untilStopped({ onSignal }: Pick<World, 'onSignal'>): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) onSignal(signal, () => stop.abort())
  return stop.signal
}
