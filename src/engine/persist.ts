import type { MaybePromise } from './maybe-promise.js'
import { RouterError } from './ports.js'
import { sleep, type Timers } from './timers.js'

/**
 * Retries recording the outcome of work that cannot be done twice (a send or a run) through a short outage of the
 * store.
 */

const EVERY_MS = 250
/** Longer than a Redis failover takes. After that the work is handled like that of a process that died. */
const LONGEST_MS = 30_000

export async function persist<T>(timers: Timers, write: () => MaybePromise<T>): Promise<T> {
  const end = timers.elapsed() + LONGEST_MS
  for (;;) {
    try {
      return await write()
    } catch (error) {
      const isPassing = error instanceof RouterError && error.code.startsWith('store_')
      if (!isPassing || timers.elapsed() >= end) throw error
      await sleep(timers, EVERY_MS)
    }
  }
}
