/**
 * The ids that were handled, as 62-bit hashes in flat tables: a million cost 16 MB and no work for the garbage
 * collector, and a collision has odds of one in 10^11.
 */
export interface SeenTable {
  look(conversation: string, key: string): Tags
  add(conversation: string, key: string, tag: Tag): void
  /** The number of remembered ids. */
  size(): number
  /** Drops the ids whose life is over. */
  sweep(): void
}

export type Tag = typeof HANDLED | typeof OURS
export type Tags = 0 | Tag | typeof BOTH
export const HANDLED = 1
export const OURS = 2
export const BOTH = 3

const PARTITIONS = 64
const FIRST_SLOTS = 256

/** Remembers ids for at least `lifeMs`, in two generations; for less only when a generation exceeds `capacity`. */
export function createSeenTable(parts: {
  readonly now: () => number
  readonly lifeMs: number
  readonly capacity: number
  readonly seed: number
}): SeenTable {
  const { now, lifeMs, capacity, seed } = parts
  let current = createGeneration()
  let previous = createGeneration()
  let turnsAt = now() + lifeMs
  // A look-up is followed by an insert of the same id: the hash is kept.
  let lastConversation = ''
  let lastKey = ''
  let high = 0
  let low = 0

  function hash(conversation: string, key: string): void {
    if (conversation === lastConversation && key === lastKey) return
    lastConversation = conversation
    lastKey = key
    let a = 0xdeadbeef ^ seed
    let b = 0x41c6ce57 ^ seed
    for (let i = 0; i < conversation.length; i++) {
      const code = conversation.charCodeAt(i)
      a = Math.imul(a ^ code, 2654435761)
      b = Math.imul(b ^ code, 1597334677)
    }
    // A separator: a conversation's id never contains a slash.
    a = Math.imul(a ^ 47, 2654435761)
    b = Math.imul(b ^ 47, 1597334677)
    for (let i = 0; i < key.length; i++) {
      const code = key.charCodeAt(i)
      a = Math.imul(a ^ code, 2654435761)
      b = Math.imul(b ^ code, 1597334677)
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
    high = a >>> 0
    low = b & ~BOTH
  }

  function turn(): void {
    previous = current
    current = createGeneration()
    turnsAt = now() + lifeMs
  }

  return {
    look(conversation, key) {
      hash(conversation, key)
      return (current.look(high, low) | previous.look(high, low)) as Tags
    },
    add(conversation, key, tag) {
      if (current.size() >= capacity) turn()
      hash(conversation, key)
      current.add(high, low, tag)
    },
    size: () => current.size() + previous.size(),
    sweep() {
      if (now() >= turnsAt) turn()
    },
  }
}

interface Generation {
  look(high: number, low: number): number
  add(high: number, low: number, tag: Tag): void
  size(): number
}

/** Partitioned, so that growing a table blocks the process for a moment and not for a second. */
function createGeneration(): Generation {
  const tables = new Array<Int32Array | undefined>(PARTITIONS)
  const counts = new Int32Array(PARTITIONS)
  let size = 0

  return {
    look(high, low) {
      const table = tables[high % PARTITIONS]
      if (table === undefined) return 0
      return table[slotOf(table, high, low) + 1]! & BOTH
    },
    add(high, low, tag) {
      const partition = high % PARTITIONS
      let table = tables[partition] ?? new Int32Array(FIRST_SLOTS * 2)
      if (counts[partition]! * 4 > table.length) table = grown(table)
      tables[partition] = table
      const slot = slotOf(table, high, low)
      if (table[slot + 1] === 0) {
        table[slot] = high | 0
        counts[partition]! += 1
        size += 1
      }
      table[slot + 1] = low | (table[slot + 1]! & BOTH) | tag
    },
    size: () => size,
  }
}

/** The slot with the hash, or the free slot to put it in. The second word of a free slot has no tag bit. */
function slotOf(table: Int32Array, high: number, low: number): number {
  const mask = table.length - 1
  let slot = ((high >>> 6) * 2) & mask
  while (table[slot + 1] !== 0 && (table[slot] !== (high | 0) || (table[slot + 1]! & ~BOTH) !== low)) {
    slot = (slot + 2) & mask
  }
  return slot
}

function grown(table: Int32Array): Int32Array {
  const larger = new Int32Array(table.length * 2)
  for (let slot = 0; slot < table.length; slot += 2) {
    const word = table[slot + 1]!
    if (word === 0) continue
    const free = slotOf(larger, table[slot]! >>> 0, word & ~BOTH)
    larger[free] = table[slot]!
    larger[free + 1] = word
  }
  return larger
}
