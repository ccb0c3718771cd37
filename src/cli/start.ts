import { fileURLToPath } from 'node:url'
import type { Run } from './command.js'

/** Runs the router in this process; on a terminal in a child process whose log is made readable. */
export const run: Run = async (_, world) => {
  if (!world.hasScreen) {
    await import('../main.js')
    return 'runs on'
  }
  const { showReadably } = await import('./readable.js')
  return showReadably(fileURLToPath(new URL('../main.js', import.meta.url)), world)
}
