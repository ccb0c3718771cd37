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

/** A process keeps one for each conversation with a recent mark, so that it has no more than it needs. */
interface Window {
  /** How many more are allowed without asking the shared counter. */
  left: number
  /** In milliseconds since the quota was made, which V8 keeps without an object. */
  endsAt: number
  /** Null until the shared counter is asked. */
  asked: Asked | null
}

interface Asked {
  /** How many uses the shared counter has not been told of. */
  untold: number
  isSpent: boolean
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
  const begin = now()
  let newerSince = 0

  function windowOf(key: string, at: number): Window {
    const known = newer.get(key) ?? older.get(key)
    if (known !== undefined && at < known.endsAt) return known
    if (newer.size >= MOST_KEYS / 2 || at - newerSince >= WINDOW_MS) {
      older = newer
      newer = new Map()
      newerSince = at
    }
    const window = { left: free, endsAt: at + WINDOW_MS, asked: null }
    newer.set(ownCopy(key), window)
    return window
  }

  async function ask(counters: SharedCounters, key: string, window: Window, asked: Asked): Promise<void> {
    const many = asked.untold + share
    try {
      const { sum, leftMs } = await counters.add(nameOf(key), many, window.endsAt - time())
      const granted = Math.min(share, most - (sum - share))
      asked.untold = 0
      window.endsAt = time() + leftMs
      window.left = Math.max(0, granted)
      asked.isSpent = granted <= 0
    } catch {
      // Without the shared counter nobody is refused here: the store itself reports the outage. A whole quota, since
      // each request would otherwise wait for the failures of those before it.
      window.left = most
    }
    asked.asking = null
  }

  function time(): number {
    return now() - begin
  }

  return function take(key): MaybePromise<number> {
    const at = time()
    const window = windowOf(key, at)
    if (window.left > 0) {
      window.left -= 1
      return 0
    }
    if (shared === null) return window.endsAt - at
    window.asked ??= { untold: free, isSpent: false, asking: null }
    const { asked } = window
    if (asked.isSpent) return window.endsAt - at
    asked.asking ??= ask(shared, key, window, asked)
    return andThen(asked.asking, () => take(key))
  }
}
