import { PLAY } from '../demo/play.js'
import { runDemo } from '../demo/run.js'
import { openStage } from '../demo/stage.js'
import { type Run, untilStopped } from './command.js'

/** Time to read. Must be longer than FLAG_TAIL, or the person's message would pass for the workflow's next part. */
const PACE_MS = 350

export const run: Run = ({ values }, world) => {
  const { env, node, input, output, isTerminal, isColoured, width } = world
  // Passes on only the variables that a process needs: the demo sets the router's settings itself.
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
