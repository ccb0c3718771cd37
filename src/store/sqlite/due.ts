import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Database } from './package.js'

/**
 * The due index. Times are in the file; leases are only in this process, the file's only one: the work of a process
 * that was killed is due at once at the next start.
 */
export interface Due {
  claim(limit: number, leaseMs: number): readonly ConversationId[]
  /** A commit or a deletion moved its due time. */
  unlease(id: ConversationId): void
  /** The transaction with the moved due times was committed. */
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

export function createDue(database: Database, now: () => number): Due {
  const first = database.prepare(
    'SELECT id, due_ms FROM conversations WHERE due_ms IS NOT NULL AND due_ms <= ? ORDER BY due_ms LIMIT ?',
  )
  const leases = new Map<ConversationId, number>()
  /** Ended by the transaction that is not committed yet. */
  const ended = new Map<ConversationId, number>()

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
    unlease(id) {
      const until = leases.get(id)
      if (until === undefined) return
      leases.delete(id)
      ended.set(id, until)
    },
    committed: () => ended.clear(),
    undone() {
      for (const [id, until] of ended) leases.set(id, until)
      ended.clear()
    },
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
