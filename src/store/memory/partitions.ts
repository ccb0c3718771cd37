import type { Entry } from './entry.js'

/** The conversations by id, in many small Maps: growing one large Map would block the process. */
export interface Partitions {
  /** The partition that a conversation belongs to. */
  of(id: string): Map<string, Entry>
  /** Each partition in turn. */
  next(): Map<string, Entry>
}

const PARTITIONS = 256

export function createPartitions(): Partitions {
  const all = Array.from({ length: PARTITIONS }, () => new Map<string, Entry>())
  let turn = -1
  return {
    of(id) {
      // The last digits of a user's id are evenly distributed.
      const last = id.length - 1
      const mixed = id.charCodeAt(last) + id.charCodeAt(last - 1) * 10 + id.charCodeAt(last - 2) * 100
      return all[mixed % PARTITIONS]!
    },
    next() {
      turn = (turn + 1) % PARTITIONS
      return all[turn]!
    },
  }
}
