import type { Entry } from './entry.js'

/** All conversations by their last message, newest first: the list that the API shows and that evictions start from. */
export interface ActivityOrder {
  toFront(entry: Entry): void
  remove(entry: Entry): void
  newest(): Entry | null
  oldest(): Entry | null
}

export function createActivityOrder(): ActivityOrder {
  let newest: Entry | null = null
  let oldest: Entry | null = null
  let clock = 0

  function remove(entry: Entry): void {
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
    oldest: () => oldest,
  }
}
