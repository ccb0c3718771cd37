import type { Entry } from './entry.js'

/** All conversations ordered by their last message, newest first: the API's list, and the order of eviction. */
export interface ActivityOrder {
  toFront(entry: Entry): void
  remove(entry: Entry): void
  newest(): Entry | null
  /** Creates a cursor for one purpose. */
  createHand(): Hand
}

/**
 * A cursor (a clock hand) from the oldest to the newest entry. It advances a few steps at a time and keeps its place
 * when entries move: scanning a million conversations at once would block the process.
 */
export interface Hand {
  /** The next entry; null at the end, after which it starts again with the oldest. */
  next(): Entry | null
  rewind(): void
}

interface Place {
  entry: Entry | null
  isUnderWay: boolean
}

export function createActivityOrder(): ActivityOrder {
  let newest: Entry | null = null
  let oldest: Entry | null = null
  let clock = 0
  const places: Place[] = []

  function remove(entry: Entry): void {
    for (const place of places) if (place.entry === entry) place.entry = entry.newer
    if (entry.newer === null) {
      if (newest === entry) newest = entry.older
    } else entry.newer.older = entry.older
    if (entry.older === null) {
      if (oldest === entry) oldest = entry.newer
    } else entry.older.newer = entry.newer
    entry.newer = null
    entry.older = null
  }

  return {
    toFront(entry) {
      clock += 1
      entry.activity = clock
      if (newest === entry) return
      remove(entry)
      entry.older = newest
      if (newest === null) oldest = entry
      else newest.newer = entry
      newest = entry
    },
    remove,
    newest: () => newest,
    createHand() {
      const place: Place = { entry: null, isUnderWay: false }
      places.push(place)
      return {
        next() {
          const entry = place.isUnderWay ? place.entry : oldest
          place.isUnderWay = entry !== null
          place.entry = entry === null ? null : entry.newer
          return entry
        },
        rewind() {
          place.isUnderWay = false
          place.entry = null
        },
      }
    },
  }
}
