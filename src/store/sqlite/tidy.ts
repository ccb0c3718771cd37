import type { ConversationId } from '../../conversation/ids.js'
import { tidyTime } from './conversation-table.js'
import type { MessageTable } from './message-table.js'
import type { Database } from './package.js'

/** Drops expired conversations, and old messages of the others, a few at each call. */

const ROWS_AT_ONCE = 50
const MESSAGES_AT_ONCE = 500

interface TidyRow {
  readonly number: number
  readonly id: ConversationId
  readonly keep_ms: number
  readonly history_ms: number
}

export function createTidy(parts: {
  readonly database: Database
  readonly messages: MessageTable
  readonly now: () => number
  readonly forget: (id: ConversationId) => void
}): () => void {
  const { database, messages, now, forget } = parts
  const due = database.prepare(
    `SELECT number, id, keep_ms, history_ms FROM conversations WHERE tidy_ms <= ? ORDER BY tidy_ms LIMIT ${ROWS_AT_ONCE}`,
  )
  const later = database.prepare('UPDATE conversations SET tidy_ms = ? WHERE number = ?')

  return () => {
    const time = now()
    let left = MESSAGES_AT_ONCE
    for (const { number, id, keep_ms, history_ms } of due.all(time) as unknown as TidyRow[]) {
      const isOver = keep_ms <= time
      const dropped = messages.dropBefore(id, isOver ? Number.MAX_SAFE_INTEGER : time - history_ms, left)
      left -= dropped
      if (left <= 0) return
      if (isOver) forget(id)
      else {
        const oldest = messages.oldestArrival(id)
        later.run(tidyTime(time, keep_ms, oldest === null ? keep_ms : oldest + history_ms), number)
      }
    }
  }
}
