import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { Surroundings } from './command.js'

type Pretty = typeof import('pino-pretty')

/** Runs a program that logs JSON lines, prints them readably, and returns its exit code. */
export async function showReadably(
  program: string,
  {
    node,
    env,
    output,
    isColoured,
    onSignal,
  }: Pick<Surroundings, 'node' | 'env' | 'output' | 'isColoured' | 'onSignal'>,
  load: () => Promise<{ default: Pretty }> = () => import('pino-pretty') as Promise<{ default: Pretty }>,
): Promise<number> {
  // Without the development packages the lines are printed unchanged.
  const pretty = await load().catch(() => null)
  const screen = new Writable({ write: (chunk, encoding, done) => void output.write(chunk, encoding, done) })
  // The routes are also in the line's text.
  const look = { colorize: isColoured, singleLine: true, ignore: 'routes', sync: true, destination: screen }
  const shown = pretty === null ? screen : pretty.default(look)
  const child = spawn(node, [program], { env, stdio: ['inherit', 'pipe', 'inherit'] })
  // Ctrl-C in the terminal reaches the program itself: this process only waits for its last lines. Other signals arrive
  // here and are passed on.
  onSignal('SIGINT', () => {})
  onSignal('SIGTERM', () => child.kill('SIGTERM'))
  // The terminal was closed: a SIGHUP would make the program reload, so it is told to stop.
  onSignal('SIGHUP', () => child.kill('SIGTERM'))
  const ended = once(child, 'exit')
  await pipeline(child.stdout, shown)
  await finished(screen)
  const [code] = (await ended) as [number | null]
  return code ?? 1
}
