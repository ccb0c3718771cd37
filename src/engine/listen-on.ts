import type { Cancel, Timers } from './timers.js'

/**
 * So long a run is listened to that nobody waits for any more, where the assistant sends by itself: what it said tells its
 * own echoes from a person's.
 */
const LISTEN_ON_MS = 15_000
/** A run that may have sent its answer already is left to say so; one that has not is stopped a little late by it. */
const LET_SAY_MS = 3_000

/** Has the run stopped, and ends the call when there was time enough to hear what it said. */
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
