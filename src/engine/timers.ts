/** How the engine waits. Handed in, so that a test decides when time passes. */
export interface Timers {
  after(ms: number, run: () => void): Cancel
  every(ms: number, run: () => void): Cancel
  /** Milliseconds of a clock that is never set back or forth. */
  elapsed(): number
}

export type Cancel = () => void

export const REAL_TIMERS: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  every(ms, run) {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
  elapsed: () => performance.now(),
}

/** Resolves after the time, or as soon as the signal aborts. */
export function sleep(timers: Timers, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const cancel = timers.after(ms, end)
    function end(): void {
      cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    signal?.addEventListener('abort', end)
  })
}
