import type { Database } from './package.js'

/**
 * The ids that were handled or are ours, as 52-bit hashes that also hold the conversation's id: two that are alike are a
 * matter of one in 10^9 among millions. Even numbers stand for what was handled, odd ones for what is ours.
 */
export interface Seen {
  isHandled(id: string, key: string): boolean
  isOurs(id: string, key: string): boolean
  /** False where it was handled before. */
  handle(id: string, key: string): boolean
  own(id: string, key: string): void
  /** Forgets some of what has had its time. */
  tidy(): void
}

/** Remembered for one such period at least and two at most. */
const PERIOD_MS = 48 * 3_600_000
const TIDIED_AT_ONCE = 500

export function createSeen(database: Database, now: () => number): Seen {
  const look = database.prepare('SELECT 1 FROM seen WHERE hash = ?1 AND period IN (?2, ?2 - 1)')
  const add = database.prepare(
    `INSERT OR IGNORE INTO seen (period, hash)
     SELECT ?2, ?1 WHERE NOT EXISTS (SELECT 1 FROM seen WHERE period = ?2 - 1 AND hash = ?1)`,
  )
  const drop = database.prepare(
    `DELETE FROM seen WHERE (period, hash) IN
       (SELECT period, hash FROM seen WHERE period < ? ORDER BY period, hash LIMIT ${TIDIED_AT_ONCE})`,
  )
  const period = (): number => Math.floor(now() / PERIOD_MS)
  const isThere = (hash: number): boolean => look.get(hash, period()) !== undefined
  return {
    isHandled: (id, key) => isThere(hashOf(id, key)),
    isOurs: (id, key) => isThere(hashOf(id, key) + 1),
    handle: (id, key) => add.run(hashOf(id, key), period()).changes === 1,
    own: (id, key) => void add.run(hashOf(id, key) + 1, period()),
    tidy: () => void drop.run(period() - 1),
  }
}

function hashOf(id: string, key: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  const mix = (text: string): void => {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 2654435761)
      b = Math.imul(b ^ code, 1597334677)
    }
  }
  mix(id)
  // No conversation's id holds a slash: what follows it cannot be taken for more of the id.
  mix('/')
  mix(key)
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  // 52 bits, and one for the parity: as much as a double holds exactly.
  return ((a & 0xfffff) * 2 ** 32 + (b >>> 0)) * 2
}
