import { NOWHERE, type Slot } from './table.js'

/** Finds the slot of a conversation by its id, in flat tables outside of the heap. */
export interface IdIndex {
  /** NOWHERE for an unknown id. */
  find(id: string): Slot
  /** Of an id that is not there. */
  add(id: string, slot: Slot): void
  /** Of an id that is there. */
  remove(id: string, slot: Slot): void
}

const PARTITIONS = 64
const FIRST_PAIRS = 64

/** `isAt`: whether the conversation in the slot has that id. */
export function createIdIndex(seed: number, isAt: (slot: Slot, id: string) => boolean): IdIndex {
  // Pairs of a hash and a slot plus one, 0 for a free pair. In many tables: growing a large one would block the process.
  const tables: Int32Array[] = Array.from({ length: PARTITIONS }, () => new Int32Array(FIRST_PAIRS * 2))
  const counts = new Int32Array(PARTITIONS)

  function hashOf(id: string): number {
    let hash = seed
    for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x5bd1e995) ^ (hash >>> 15)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    return hash ^ (hash >>> 13)
  }

  /** The pair of that slot, which is there. */
  function pairOf(table: Int32Array, hash: number, slot: Slot): number {
    let pair = firstPair(table, hash)
    while (table[pair + 1] !== slot + 1) pair = nextPair(table, pair)
    return pair
  }

  return {
    find(id) {
      const hash = hashOf(id)
      const table = tables[hash & (PARTITIONS - 1)]!
      for (let pair = firstPair(table, hash); table[pair + 1] !== 0; pair = nextPair(table, pair)) {
        const slot = table[pair + 1]! - 1
        if (table[pair] === hash && isAt(slot, id)) return slot
      }
      return NOWHERE
    },
    add(id, slot) {
      const hash = hashOf(id)
      const partition = hash & (PARTITIONS - 1)
      counts[partition]! += 1
      if (counts[partition]! * 3 > tables[partition]!.length) tables[partition] = grown(tables[partition]!)
      put(tables[partition]!, hash, slot + 1)
    },
    remove(id, slot) {
      const hash = hashOf(id)
      const partition = hash & (PARTITIONS - 1)
      counts[partition]! -= 1
      close(tables[partition]!, pairOf(tables[partition]!, hash, slot))
    },
  }
}

function firstPair(table: Int32Array, hash: number): number {
  return ((hash >>> 6) * 2) & (table.length - 1)
}

function nextPair(table: Int32Array, pair: number): number {
  return (pair + 2) & (table.length - 1)
}

function put(table: Int32Array, hash: number, slotPlusOne: number): void {
  let pair = firstPair(table, hash)
  while (table[pair + 1] !== 0) pair = nextPair(table, pair)
  table[pair] = hash
  table[pair + 1] = slotPlusOne
}

/** Frees a pair, and moves later ones up that would not be found behind a gap. */
function close(table: Int32Array, freed: number): void {
  let gap = freed
  for (let pair = nextPair(table, gap); table[pair + 1] !== 0; pair = nextPair(table, pair)) {
    const mask = table.length - 1
    const wanted = firstPair(table, table[pair]!)
    // It stays where the gap is not between its wanted place and its place.
    if (((pair - wanted) & mask) < ((pair - gap) & mask)) continue
    table[gap] = table[pair]!
    table[gap + 1] = table[pair + 1]!
    gap = pair
  }
  table[gap + 1] = 0
}

function grown(table: Int32Array): Int32Array {
  const larger = new Int32Array(table.length * 2)
  for (let pair = 0; pair < table.length; pair += 2) {
    if (table[pair + 1] !== 0) put(larger, table[pair]!, table[pair + 1]!)
  }
  return larger
}
