import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** Lines that are typed, and lines that come in between without spoiling them. */

export interface Prompt {
  readonly say: (text: string) => void
  readonly close: () => void
  /** Somebody asked for the end. */
  readonly over: Promise<void>
}

export interface PromptOptions {
  readonly input: Readable
  readonly output: Writable
  readonly isTerminal: boolean
  /** One line after the other. */
  readonly onLine: (line: string) => Promise<'goes on' | 'quit'>
  /** What Tab makes of a line. */
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
    // On a terminal Ctrl-C and Ctrl-D come here. A pipe that has nothing more to say is no reason to go.
    if (isTerminal) lines.on('SIGINT', resolve).on('close', resolve)
  })
  if (isTerminal) lines.prompt()
  return {
    over,
    say(text) {
      // Over what is being typed, which is then shown again below.
      output.write(isTerminal ? `\r\u001b[J${text}\n` : `${text}\n`)
      if (isTerminal) lines.prompt(true)
    },
    close: () => lines.close(),
  }
}
