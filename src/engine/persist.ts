import type { MaybePromise } from './maybe-promise.js'
import { RouterError } from './ports.js'
import { sleep, type Timers } from './timers.js'

/** Records the outcome of what cannot be done twice, a send or a run, also when the store is away for a moment. */

const EVERY_MS = 250
/** Longer than a failover takes. After that the work counts as a dead process' work. */
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
