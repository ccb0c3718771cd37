import { FOREVER } from '../../conversation/channel.js'
import type { Depth } from '../../engine/ports.js'
import type { Due } from './due.js'
import type { Database } from './package.js'

/** Counts conversations with open work, by indexes that contain only those. */
export function createDepth(database: Database, now: () => number, due: Due): () => Depth {
  const countDue = database.prepare(
    'SELECT count(*) AS many FROM conversations WHERE due_ms IS NOT NULL AND due_ms <= ?',
  )
  const countDead = database.prepare(
    'SELECT count(*) AS many FROM conversations INDEXED BY conversations_with_dead_letters WHERE dead_letters > 0',
  )
  const count = (row: unknown): number => (row as { readonly many: number }).many
  return () => {
    const dueNow = Math.max(0, count(countDue.get(now())) - due.leased())
    return { due: dueNow, later: count(countDue.get(FOREVER)) - dueNow, withDeadLetters: count(countDead.get()) }
  }
}
