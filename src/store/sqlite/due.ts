import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Database } from './package.js'

/**
 * Whose time has come. The times stand in the file; the leases only in this process, which is the file's only one: what a
 * killed process had in hand is due at once at the next start.
 */
export interface Due {
  claim(limit: number, leaseMs: number): readonly ConversationId[]
  /** A commit or the end of the conversation moved it. */
  unlease(id: ConversationId): void
  next(): number
  /** How many of those whose time has come are in hand. */
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

  /** What is in hand stands before the others, as its time has come. */
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
    unlease: (id) => void leases.delete(id),
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
