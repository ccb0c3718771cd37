import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Database } from './package.js'

/**
 * The due index. Times are in the file; leases are only in this process, the file's only one: the work of a process
 * that was killed is due at once at the next start. Only committed times count: who claims a conversation reads it.
 */
export interface Due {
  claim(limit: number, leaseMs: number): readonly ConversationId[]
  /** A commit or a deletion moved its due time: its lease ends with the transaction. */
  unlease(id: ConversationId): void
  /** The transaction was committed. */
  committed(): void
  /** It was rolled back: the conversations are due as before, and stay leased. */
  undone(): void
  next(): number
  /** The number of due conversations with a lease. */
  leased(): number
}

interface DueRow {
  readonly id: ConversationId
  readonly due_ms: number
}

export function createDue(reader: Database, now: () => number): Due {
  const first = reader.prepare(
    'SELECT id, due_ms FROM conversations WHERE due_ms IS NOT NULL AND due_ms <= ? ORDER BY due_ms LIMIT ?',
  )
  const leases = new Map<ConversationId, number>()
  /** Those that the transaction ends once it is committed. */
  const ending = new Set<ConversationId>()

  /** Leased conversations come first, as they are due the longest. */
  function free(until: number, limit: number): readonly DueRow[] {
    const rows = first.all(until, limit + leases.size) as unknown as DueRow[]
    return rows.filter(({ id }) => !leases.has(id)).slice(0, limit)
  }

  function endLeases(time: number): void {
    for (const [id, until] of leases) if (until <= time) leases.delete(id)
  }

  return {
    claim(limit, leaseMs) {
      const time = now()
      endLeases(time)
      const ids = free(time, limit).map(({ id }) => id)
      for (const id of ids) leases.set(id, time + leaseMs)
      return ids
    },
    unlease: (id) => void ending.add(id),
    committed() {
      for (const id of ending) leases.delete(id)
      ending.clear()
    },
    undone: () => ending.clear(),
    next() {
      let next = free(FOREVER, 1)[0]?.due_ms ?? FOREVER
      for (const until of leases.values()) next = Math.min(next, until)
      return next
    },
    leased() {
      endLeases(now())
      return leases.size
    },
  }
}
