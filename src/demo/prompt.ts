import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** The prompt: reads lines, and prints output above the line being typed. */

export interface Prompt {
  readonly say: (text: string) => void
  readonly close: () => void
  /** Resolves when the user ends the prompt. */
  readonly over: Promise<void>
}

export interface PromptOptions {
  readonly input: Readable
  readonly output: Writable
  readonly isTerminal: boolean
  /** Called for one line at a time. */
  readonly onLine: (line: string) => Promise<'goes on' | 'quit'>
  /** Completions for Tab. */
  readonly completionsOf: (line: string) => readonly string[]
}

export function openPrompt({ input, output, isTerminal, onLine, completionsOf }: PromptOptions): Prompt {
  const lines = createInterface({
    input,
    output: isTerminal ? output : undefined,
    terminal: isTerminal,
    prompt: '› ',
    completer: (line: string) => [[...completionsOf(line)], line],
  })
  let work = Promise.resolve()
  const over = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      work = work.then(async () => {
        if ((await onLine(line)) === 'quit') resolve()
        else if (isTerminal) lines.prompt()
      })
    })
    // On a terminal Ctrl-C and Ctrl-D arrive here. The end of a pipe does not end the demo.
    if (isTerminal) lines.on('SIGINT', resolve).on('close', resolve)
  })
  if (isTerminal) lines.prompt()
  return {
    over,
    say(text) {
      // Prints over the line being typed, which is then shown again below.
      output.write(isTerminal ? `\r\u001b[J${text}\n` : `${text}\n`)
      if (isTerminal) lines.prompt(true)
    },
    close: () => lines.close(),
  }
}
