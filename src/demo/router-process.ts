import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The router in a process of its own that ends with this one. */

export interface RouterProcess {
  readonly origin: string
  readonly ended: Promise<unknown>
  readonly stop: () => Promise<void>
}

export interface RouterOptions {
  readonly program?: string
  /** The command that runs it, and its whole environment. */
  readonly node: string
  readonly env: Readonly<Record<string, string>>
  readonly stopWithinMs?: number
}

const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url))
const TETHER = new URL('tether.js', import.meta.url).href

/** Last lines of its output, for the error when it ends early. */
const MOST_LINES = 5

export async function startRouterProcess(options: RouterOptions): Promise<RouterProcess> {
  const { program = PROGRAM, node, env, stopWithinMs = 2000 } = options
  const child = spawn(node, ['--import', TETHER, program], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  // Not `close`: that is never emitted after this side has closed the channel.
  const ended = once(child, 'exit')
  const origin = await originOf(child, ended)
  return {
    origin,
    ended,
    async stop() {
      if (child.connected) child.disconnect()
      const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await ended
      clearTimeout(late)
    },
  }
}

async function originOf(child: ChildProcess, ended: Promise<unknown>): Promise<string> {
  const said: string[] = []
  const readers = [child.stdout!, child.stderr!].map((input) => createInterface({ input }))
  const found = new Promise<string>((resolve) => {
    for (const reader of readers) {
      reader.on('line', (line) => {
        const [, origin] = /"msg":"listening on (http:[^"]+)"/.exec(line) ?? []
        if (origin !== undefined) resolve(origin)
        said.push(line)
        said.splice(0, said.length - MOST_LINES)
      })
    }
  })
  const wordless = Promise.all([ended, ...readers.map((reader) => once(reader, 'close'))])
  const early = wordless.then(() => {
    throw new Error(`the router ended before it listened:\n${said.join('\n')}`)
  })
  return Promise.race([found, early])
}
