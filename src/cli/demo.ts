import { PLAY } from '../demo/play.js'
import { runDemo } from '../demo/run.js'
import { openStage } from '../demo/stage.js'
import { type Run, untilStopped } from './command.js'

/** Time to read. More than FLAG_TAIL, or the person's message would pass for the workflow's next part. */
const PACE_MS = 350

export const run: Run = ({ values }, world) => {
  const { env, node, input, output, isTerminal, isColoured, width } = world
  // Of all that stands around here only what a process needs: the router's settings are the demo's own.
  const needed = Object.entries(env).flatMap(([name, value]) =>
    /^(path|systemroot)$/i.test(name) && value !== undefined ? [[name, value] as const] : [],
  )
  return runDemo({
    play: PLAY,
    isOnce: values.once === true,
    open: () => openStage({ node, env: Object.fromEntries(needed) }),
    input,
    output,
    isTerminal,
    isColoured,
    width,
    paceMs: PACE_MS,
    stop: untilStopped(world),
  })
}
