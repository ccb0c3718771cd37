import type { Database } from './package.js'

/**
 * A sequence that only grows, over all restarts: for versions, places in lists and feed entries. It is reserved in
 * the file in blocks, so that taking a number costs nothing.
 */
export interface Numbers {
  /** Must be called within a transaction: now and then it reserves a block. */
  next(): number
  newest(): number
  /** The transaction that may have reserved a block was rolled back. */
  undone(): void
}

const BLOCK = 1_000_000
/** More numbers than commits are possible: if a power cut undid the last block, the clock is past its numbers at the restart. */
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
