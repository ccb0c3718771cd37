import { fileURLToPath } from 'node:url'
import type { Run } from './command.js'

/** The router itself, in this process; on a terminal in one of its own, with a log that people read. */
export const run: Run = async (_, world) => {
  if (!world.hasScreen) {
    await import('../main.js')
    return 'runs on'
  }
  const { showReadably } = await import('./readable.js')
  return showReadably(fileURLToPath(new URL('../main.js', import.meta.url)), world)
}
