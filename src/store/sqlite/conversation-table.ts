import { FOREVER } from '../../conversation/channel.js'
import { type ConversationId, pageOf, userOf } from '../../conversation/ids.js'
import { pauseOf } from '../../conversation/pause/pause.js'
import { IDLE_LIFE_MS, SILENT_LIFE_MS } from '../../conversation/state/lifetimes.js'
import { type Conversation, isListed, isSilent } from '../../conversation/state/state.js'
import { listNumber, namesOf } from '../../engine/list-filter.js'
import type { Change } from '../../engine/ports.js'
import { isoTime } from '../../iso-time.js'
import { type MessageTexts, messageTexts, NO_TEXTS } from '../rows/message-texts.js'
import { decodeState, encodeState } from '../rows/state-row.js'
import { columnOf, isoColumn } from './column.js'
import type { Database } from './package.js'

/** The table of conversations: plain columns for people, and the state in `data` in the form that Redis uses too. */
export interface ConversationTable {
  look(id: ConversationId): Remembered
  /** Writes the change's state over the row it is based on, or into a new one. */
  put(before: Remembered, change: Change & { readonly state: Conversation }, version: number): Remembered
  drop(id: ConversationId): void
}

/** The cached last state of a conversation. Only this process writes the file, so that the cache is always current. */
export interface Remembered {
  /** The number of its row; null when it has none. */
  readonly number: number | null
  readonly version: number | null
  /** Its place in the lists, higher is newer; null when it is not listed. */
  readonly place: number | null
  readonly state: Conversation | null
  readonly texts: MessageTexts
  /** Its last event was a repeat or concerned a message of ours: the next look-up must read the file. */
  readonly isDoubtful: boolean
}

/** Bounds of the time until a row is next checked for expired data. */
const TIDY_SOONEST_MS = 5 * 60_000
const TIDY_LATEST_MS = 7 * 24 * 3_600_000

export function createConversationTable(
  database: Database,
  now: () => number,
  platformOf: (pageId: string) => string | null,
): ConversationTable {
  const select = database.prepare('SELECT number, version, place, data FROM conversations WHERE id = ?')
  const insert = database.prepare(
    `INSERT INTO conversations (state, bot_enabled, paused_until, pause_reason, pause_note, waiting, dead_letters,
       customer_name, customer_username, last_message_at, version, place, list, due_ms, keep_ms, history_ms, data,
       tidy_ms, id, page_id, user_id, platform, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = database.prepare(
    `UPDATE conversations SET state = ?, bot_enabled = ?, paused_until = ?, pause_reason = ?, pause_note = ?, waiting = ?,
       dead_letters = ?, customer_name = ?, customer_username = ?, last_message_at = ?, version = ?, place = ?, list = ?, due_ms = ?,
       keep_ms = ?, history_ms = ?, data = ? WHERE number = ?`,
  )
  const remove = database.prepare('DELETE FROM conversations WHERE id = ?')
  const addName = database.prepare('INSERT OR IGNORE INTO names (name, number) VALUES (?, ?)')
  const dropNames = database.prepare('DELETE FROM names WHERE number = ?')
  const dropNamesOf = database.prepare(
    'DELETE FROM names WHERE number = (SELECT number FROM conversations WHERE id = ?)',
  )

  function writeNames(number: number, { profile }: Conversation): void {
    if (profile.isKnown) for (const name of namesOf(profile)) addName.run(columnOf(name), number)
  }

  return {
    look(id) {
      const row = select.get(id) as StoredConversation | undefined
      if (row === undefined) return NOT_THERE
      const { number, version, place, data } = row
      return { number, version, place, state: decodeState(id, data), texts: NO_TEXTS, isDoubtful: false }
    },
    put(before, change, version) {
      const { state } = change
      const time = now()
      const isActive = before.state === null || state.seq > before.state.seq || before.place === null
      const place = isListed(state) ? (isActive ? version : before.place) : null
      const texts = messageTexts(before, state)
      const pause = pauseOf(state, time)
      const life = isSilent(state) ? SILENT_LIFE_MS : Math.max(IDLE_LIFE_MS, change.historyTtlMs)
      const keepUntil = Math.min(FOREVER, Math.max(change.keepUntil, time + life))
      const columns = [
        state.closedAt > 0 ? 'closed' : 'open',
        pause === null ? 1 : 0,
        pause === null ? null : isoColumn(pause.until, FOREVER),
        pause?.reason ?? null,
        columnOf(pause?.note ?? null),
        state.waiting.length,
        state.outbox.dead.length,
        columnOf(state.profile.name),
        columnOf(state.profile.username),
        isoColumn(state.lastMessageAt, FOREVER),
        version,
        place,
        listNumber(state),
        change.dueAt >= FOREVER ? null : change.dueAt,
        keepUntil,
        change.historyTtlMs,
        encodeState(state, texts),
      ] as const
      if (before.number === null) {
        const { id } = state
        const page = pageOf(id)
        const tidyAt = tidyTime(time, keepUntil, time + change.historyTtlMs)
        const created = isoTime(state.createdAt)
        const { lastInsertRowid } = insert.run(...columns, tidyAt, id, page, userOf(id), platformOf(page), created)
        const number = Number(lastInsertRowid)
        writeNames(number, state)
        return { number, version, place, state, texts, isDoubtful: false }
      }
      update.run(...columns, before.number)
      if (state.profile !== before.state?.profile) {
        dropNames.run(before.number)
        writeNames(before.number, state)
      }
      return { number: before.number, version, place, state, texts, isDoubtful: false }
    },
    drop(id) {
      dropNamesOf.run(id)
      remove.run(id)
    },
  }
}

/** When to check a row for expired data next. */
export function tidyTime(now: number, keepUntil: number, historyEnd: number): number {
  return Math.max(now + TIDY_SOONEST_MS, Math.min(keepUntil, historyEnd, now + TIDY_LATEST_MS))
}

interface StoredConversation {
  readonly number: number
  readonly version: number
  readonly place: number | null
  readonly data: string
}

const NOT_THERE: Remembered = {
  number: null,
  version: null,
  place: null,
  state: null,
  texts: NO_TEXTS,
  isDoubtful: false,
}
