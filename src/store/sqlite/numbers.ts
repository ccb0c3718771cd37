import type { Database } from './package.js'

/**
 * One row of numbers that only grows, over all restarts: versions, places in the lists and entries of the feed. They are
 * taken from the file in blocks, so that giving one out costs nothing.
 */
export interface Numbers {
  /** Within a transaction: now and then it reserves a block. */
  next(): number
  newest(): number
  /** The transaction that may have reserved a block was undone. */
  undone(): void
}

const BLOCK = 1_000_000
/** More than anybody commits: after a power cut took back the last block, the clock has passed what it held. */
const NUMBERS_PER_MS = 1_000

export function createNumbers(database: Database, now: () => number): Numbers {
  const reserve = database.prepare(`UPDATE numbers SET value = ? WHERE name = 'sequence'`)
  const { value } = database.prepare(`SELECT value FROM numbers WHERE name = 'sequence'`).get() as {
    readonly value: number
  }
  let newest = Math.max(value, Math.floor(now()) * NUMBERS_PER_MS)
  let reserved = newest
  return {
    next() {
      if (newest === reserved) {
        reserve.run(newest + BLOCK)
        reserved = newest + BLOCK
      }
      newest += 1
      return newest
    },
    newest: () => newest,
    undone() {
      reserved = newest
    },
  }
}
