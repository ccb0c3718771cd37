import type { Cancel, Timers } from './timers.js'

/**
 * How long the call of a cancelled run stays open when the assistant sends by itself: the texts streamed meanwhile
 * tell the bot's echoes from a person's.
 */
const LISTEN_ON_MS = 15_000
/**
 * Delay before a cancelled run is stopped when it may have sent its answer already: stopped at once, it could not
 * stream that text any more.
 */
const LET_SAY_MS = 3_000

/** Stops a cancelled run and closes its call, each after its delay. Returns a function that cancels both. */
export function listenOn(
  timers: Pick<Timers, 'after'>,
  run: { readonly mayHaveSpoken: boolean; readonly stop: () => void; readonly endCall: () => void },
): Cancel {
  const cancelStop = timers.after(run.mayHaveSpoken ? LET_SAY_MS : 0, run.stop)
  const cancelEnd = timers.after(LISTEN_ON_MS, run.endCall)
  return () => {
    cancelStop()
    cancelEnd()
  }
}
