import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { EXIT, type Surroundings, Trouble } from '../command.js'

/** Questions to a person at a terminal. */
export interface Asker {
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askHidden(question: string): Promise<string>
  close(): void
}

export function createAsker({ input, errors }: Pick<Surroundings, 'input' | 'errors'>): Asker {
  let lines: Interface | null = null
  let isHidden = false
  const screen = new Writable({
    write(chunk, _, done) {
      if (!isHidden) errors.write(chunk)
      done()
    },
  })

  function asked(question: string, hides: boolean): Promise<string> {
    // Without a history the arrow keys bring no hidden answer back. As a terminal, so that readline does the echoing.
    lines ??= createInterface({ input, output: screen, terminal: true, historySize: 0 })
    const open = lines
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        errors.write('\n')
        reject(new Trouble(EXIT.failed, 'Nothing was connected.'))
      }
      // Ctrl-C and Ctrl-D.
      open.once('close', stop)
      open.question(question, (answer) => {
        open.off('close', stop)
        if (isHidden) errors.write('\n')
        isHidden = false
        resolve(answer.trim())
      })
      isHidden = hides
    })
  }

  return {
    ask: (question) => asked(question, false),
    askHidden: (question) => asked(question, true),
    close: () => lines?.close(),
  }
}
