import type { Database } from './package.js'

/**
 * The ids that were handled or are ours, as 52-bit hashes that include the conversation's id: among millions a
 * collision has odds of one in 10^9. Even numbers are ids that were handled, odd ones ids of our messages.
 */
export interface Seen {
  isHandled(id: string, key: string): boolean
  isOurs(id: string, key: string): boolean
  /** False when it was handled before. */
  handle(id: string, key: string): boolean
  own(id: string, key: string): void
  /** Drops some of the expired hashes. */
  tidy(): void
}

/** Ids are remembered for one to two such periods. */
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
  // A separator: a conversation's id never contains a slash.
  mix('/')
  mix(key)
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  // 52 bits and one for the parity: the most that a double represents exactly.
  return ((a & 0xfffff) * 2 ** 32 + (b >>> 0)) * 2
}
