import { setTimeout as sleep } from 'node:timers/promises'
import type { MaybePromise } from './maybe-promise.js'
import { RouterError } from './ports.js'

/** What came of something that cannot be done twice must be written down, even if the store is away for a moment. */

const EVERY_MS = 250
/** Longer than a failover takes. After that the work counts as a dead process' work. */
const LONGEST_MS = 30_000

export async function persist<T>(write: () => MaybePromise<T>): Promise<T> {
  const end = performance.now() + LONGEST_MS
  for (;;) {
    try {
      return await write()
    } catch (error) {
      const isPassing = error instanceof RouterError && error.code.startsWith('store_')
      if (!isPassing || performance.now() >= end) throw error
      await sleep(EVERY_MS)
    }
  }
}
