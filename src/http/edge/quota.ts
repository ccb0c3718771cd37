import { ownCopy } from '../../conversation/text/text.js'
import { andThen, type MaybePromise } from '../../engine/maybe-promise.js'
import type { SharedCounters } from '../../engine/ports.js'

/**
 * Counts uses of a key in a window that starts with the key's first use. Returns 0 if one more is allowed, else the
 * milliseconds until it is.
 */
export type Quota = (key: string) => MaybePromise<number>

const WINDOW_MS = 60_000
/** The cap for keys in memory; above it the older half is dropped. */
const MOST_KEYS = 100_000
/** A process takes a hundredth of the quota at a time from the shared counter, so that few requests need a call. */
const SHARES = 100

interface Window {
  /** How many more are allowed without asking the shared counter. */
  left: number
  /** Those among `left` that the shared counter has not been told of. */
  untold: number
  isSpent: boolean
  endsAt: number
  asking: Promise<void> | null
}

export function createQuota(parts: {
  readonly most: number
  /** Uses that a process allows by itself before it counts the key in the shared counter. */
  readonly unshared: number
  /** Null: this process counts alone. */
  readonly shared: SharedCounters | null
  /** The name of a key's shared counter. */
  readonly nameOf: (key: string) => string
  readonly now: () => number
}): Quota {
  const { most, unshared, shared, nameOf, now } = parts
  const share = Math.max(1, Math.floor(most / SHARES))
  const free = shared === null ? most : Math.min(most, unshared)
  // In two halves: when the newer one is full, or older than a window, the windows of the older one are dropped.
  let newer = new Map<string, Window>()
  let older = new Map<string, Window>()
  let newerSince = now()

  function windowOf(key: string, at: number): Window {
    const known = newer.get(key) ?? older.get(key)
    if (known !== undefined && at < known.endsAt) return known
    if (newer.size >= MOST_KEYS / 2 || at - newerSince >= WINDOW_MS) {
      older = newer
      newer = new Map()
      newerSince = at
    }
    const window = { left: free, untold: free, isSpent: false, endsAt: at + WINDOW_MS, asking: null }
    newer.set(ownCopy(key), window)
    return window
  }

  async function ask(counters: SharedCounters, key: string, window: Window): Promise<void> {
    const many = window.untold + share
    try {
      const { sum, leftMs } = await counters.add(nameOf(key), many, window.endsAt - now())
      const granted = Math.min(share, most - (sum - share))
      window.untold = 0
      window.endsAt = now() + leftMs
      window.left = Math.max(0, granted)
      window.isSpent = granted <= 0
    } catch {
      // Without the shared counter nobody is refused here: the store itself reports the outage. A whole quota, since
      // each request would otherwise wait for the failures of those before it.
      window.left = most
    }
    window.asking = null
  }

  return function take(key): MaybePromise<number> {
    const at = now()
    const window = windowOf(key, at)
    if (window.left > 0) {
      window.left -= 1
      return 0
    }
    if (window.isSpent || shared === null) return window.endsAt - at
    window.asking ??= ask(shared, key, window)
    return andThen(window.asking, () => take(key))
  }
}
