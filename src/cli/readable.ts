import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { World } from './command.js'

type Pretty = typeof import('pino-pretty')

/** Runs a program that logs JSON lines, shows them as a person reads them, and answers its exit code. */
export async function showReadably(
  program: string,
  { node, env, output, isColoured, onSignal }: Pick<World, 'node' | 'env' | 'output' | 'isColoured' | 'onSignal'>,
  load: () => Promise<{ default: Pretty }> = () => import('pino-pretty') as Promise<{ default: Pretty }>,
): Promise<number> {
  // A nicety: an installation without development packages shows the lines as they are.
  const pretty = await load().catch(() => null)
  const screen = new Writable({ write: (chunk, encoding, done) => void output.write(chunk, encoding, done) })
  // The routes stand in their line's text as well.
  const look = { colorize: isColoured, singleLine: true, ignore: 'routes', sync: true, destination: screen }
  const shown = pretty === null ? screen : pretty.default(look)
  const child = spawn(node, [program], { env, stdio: ['inherit', 'pipe', 'inherit'] })
  // Ctrl-C reaches the program from the terminal: this one only waits for its last lines. Others come here alone.
  onSignal('SIGINT', () => {})
  onSignal('SIGTERM', () => child.kill('SIGTERM'))
  // The terminal is gone, and with it whoever could stop the program. It would take the signal for an order to reload.
  onSignal('SIGHUP', () => child.kill('SIGTERM'))
  const ended = once(child, 'exit')
  await pipeline(child.stdout, shown)
  await finished(screen)
  const [code] = (await ended) as [number | null]
  return code ?? 1
}
