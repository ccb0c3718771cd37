import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import { type Message, NOT_LEFT } from '../../conversation/state/message.js'
import type { HistoryPage } from '../../engine/ports.js'
import { isoTime } from '../../iso-time.js'
import { type MessageRow, messageOf, messageRow } from '../rows/message-row.js'
import { columnOf, fitsColumn } from './column.js'
import type { Database } from './package.js'

/** The table of messages: plain columns for people, and in `data` the row that Redis uses too. */

/** More than anybody reads. */
const MOST_MESSAGES = 5_000
const TRIM_EVERY = 100
const TEXT = 5
const MID = 4

export interface MessageTable {
  add(id: ConversationId, message: Message, platform: string | null): void
  /** Changes a stored message; one that was dropped stays so. */
  change(id: ConversationId, message: Message, platform: string | null): void
  /** Trims a long history to its cap; `newest` is the last number given. */
  trim(id: ConversationId, newest: number): void
  /** Drops up to `most` messages from before that time, and returns their number. */
  dropBefore(id: ConversationId, time: number, most: number): number
  drop(id: ConversationId): void
  /** The arrival time of its oldest message; null when it has none. */
  oldestArrival(id: ConversationId): number | null
}

export interface MessageReader {
  page(id: ConversationId, page: Omit<HistoryPage, 'historyTtlMs'>, since: number): readonly Message[]
  withMid(id: ConversationId, mid: string): Message | null
  withSeq(id: ConversationId, seq: number): Message | null
  /** Our newest message up to that time that has left, or may have. */
  readUpTo(id: ConversationId, at: number): Message | null
}

interface StoredMessage {
  readonly external_message_id: string | null
  readonly content: string | null
  readonly data: string
}

export function createMessageTable(database: Database): MessageTable {
  const insert = database.prepare(
    `INSERT OR REPLACE INTO messages (external_message_id, type, message_type, content, status, reason, evidence, source,
       created_at, arrived_ms, data, conversation_id, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = database.prepare(
    `UPDATE messages SET external_message_id = ?, type = ?, message_type = ?, content = ?, status = ?, reason = ?,
       evidence = ?, source = ?, created_at = ?, arrived_ms = ?, data = ? WHERE conversation_id = ? AND seq = ?`,
  )
  const below = database.prepare('DELETE FROM messages WHERE conversation_id = ? AND seq <= ?')
  const old = database.prepare(
    `DELETE FROM messages WHERE conversation_id = ?1 AND seq <= (SELECT max(seq) FROM (SELECT seq, arrived_ms FROM messages
       WHERE conversation_id = ?1 ORDER BY seq LIMIT ?3) WHERE arrived_ms < ?2)`,
  )
  const all = database.prepare('DELETE FROM messages WHERE conversation_id = ?')
  const oldest = database.prepare('SELECT arrived_ms FROM messages WHERE conversation_id = ? ORDER BY seq LIMIT 1')
  return {
    add: (id, message, platform) => void insert.run(...columnsOf(id, message, platform)),
    change: (id, message, platform) => void update.run(...columnsOf(id, message, platform)),
    trim(id, newest) {
      if (newest > MOST_MESSAGES && newest % TRIM_EVERY === 0) below.run(id, newest - MOST_MESSAGES)
    },
    dropBefore: (id, time, most) => Number(old.run(id, time, most).changes),
    drop: (id) => void all.run(id),
    oldestArrival: (id) => (oldest.get(id) as { readonly arrived_ms: number } | undefined)?.arrived_ms ?? null,
  }
}

export function createMessageReader(database: Database): MessageReader {
  const select = 'SELECT external_message_id, content, data FROM messages WHERE conversation_id = ?'
  const newest = database.prepare(`${select} AND seq < ? AND arrived_ms >= ? ORDER BY seq DESC LIMIT ?`)
  const next = database.prepare(`${select} AND seq < ? AND arrived_ms >= ? AND seq > ? ORDER BY seq LIMIT ?`)
  const byMid = database.prepare(`${select} AND external_message_id = ? ORDER BY seq DESC LIMIT 1`)
  const bySeq = database.prepare(`${select} AND seq = ?`)
  const notLeft = [...NOT_LEFT].map((status) => `'${status}'`).join(', ')
  const upTo = database.prepare(
    `${select} AND type <> 'customer' AND status NOT IN (${notLeft}) AND created_at <= ? ORDER BY seq DESC LIMIT 1`,
  )
  const one = (row: unknown): Message | null => (row === undefined ? null : decoded(row as StoredMessage))
  return {
    page(id, { before, after, limit }, since) {
      const end = before ?? Number.MAX_SAFE_INTEGER
      const rows = after === null ? newest.all(id, end, since, limit).reverse() : next.all(id, end, since, after, limit)
      return rows.map((row) => decoded(row as StoredMessage))
    },
    withMid: (id, mid) => one(byMid.get(id, columnOf(mid))),
    withSeq: (id, seq) => one(bySeq.get(id, seq)),
    readUpTo: (id, at) => one(upTo.get(id, isoTime(Math.min(at, LAST_OF_FOUR_DIGITS)))),
  }
}

/** ISO times compare as texts as long as years have four digits. */
const LAST_OF_FOUR_DIGITS = Date.UTC(9999, 11, 31)

function columnsOf(id: ConversationId, message: Message, platform: string | null) {
  const { origin, outcome } = message
  const row = [...messageRow(message)]
  // A column's value is not stored twice, unless the column cannot hold it exactly.
  for (const at of [MID, TEXT]) if (typeof row[at] === 'string' && fitsColumn(row[at])) row[at] = null
  return [
    columnOf(message.mid),
    message.type,
    message.kind,
    columnOf(message.text),
    message.status,
    outcome.reason,
    origin.evidence,
    columnOf(origin.source) ?? platform,
    isoTime(Math.min(message.at, FOREVER)),
    message.arrivedAt,
    JSON.stringify(row),
    id,
    message.seq,
  ] as const
}

function decoded({ external_message_id: mid, content, data }: StoredMessage): Message {
  const row = JSON.parse(data) as MessageRow
  return messageOf(row.with(MID, row[MID] ?? mid).with(TEXT, row[TEXT] ?? content) as unknown as MessageRow)
}
