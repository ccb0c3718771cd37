import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ConversationId } from '../../conversation/ids.js'
import type { Notice } from '../../conversation/notices.js'
import type { Conversation } from '../../conversation/state/state.js'
import type { FeedEntry, FeedListener, FeedPage, FeedPart, StopListening } from '../../engine/ports.js'
import { cursorOf, FRAME_ADVICE, numberOf, PAGE_ADVICE } from '../in-process/feed-cursor.js'
import { createFeedListeners } from '../in-process/feed-listeners.js'
import { decodeHead, encodeHead } from '../rows/head-row.js'
import { decodeMessage, encodeMessage } from '../rows/message-row.js'
import { decodeState, encodeState } from '../rows/state-row.js'
import type { Group } from './group.js'
import type { Database } from './package.js'

/** The events for WebSocket clients, in one table for all conversations. A cursor is an entry's number. */
export interface Feed {
  /** Must be called within the group's transaction; listeners are notified after its commit. */
  add(state: Conversation, notices: readonly Notice[], nextNumber: () => number): void
  listen(listener: FeedListener): StopListening
  read(after: string, id: ConversationId | null, limit: number): Promise<FeedPage>
  /** Entries before a cursor, or the last ones, newest first. */
  readBack(before: string | null, limit: number): FeedPart
  /** Drops the entries of a conversation up to that number: later ones are of its customer, who wrote again. */
  forget(id: ConversationId, newest: number): Promise<void>
  /** Drops some of the expired entries. */
  tidy(): void
  /** The transaction with the entries added and dropped so far was committed. */
  committed(): void
  /** The transaction was rolled back. */
  undone(): void
}

/** Entries read or deleted before the event loop gets its turn. */
const STEP = 2_000
const TIDIED_AT_ONCE = 500

interface StoredEntry {
  readonly id: number
  readonly conversation_id: ConversationId
  readonly what: 's' | 'c' | 't'
  readonly head: string
  readonly body: string
}

export function createFeed(parts: {
  readonly writer: Database
  readonly reader: Database
  readonly group: Group
  readonly now: () => number
  readonly lifeMs: number
  readonly mostEntries: number
  /** The last number given out, to a feed entry or anything else. */
  readonly newestNumber: () => number
}): Feed {
  const { writer, reader, group, now, lifeMs, mostEntries, newestNumber } = parts
  const insert = writer.prepare(
    'INSERT INTO feed (id, at_ms, conversation_id, what, head, body) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const oldest = writer.prepare(
    'SELECT max(id) AS last, count(*) AS many FROM (SELECT id FROM feed ORDER BY id LIMIT ?)',
  )
  const outdated = writer.prepare(
    'SELECT max(id) AS last, count(*) AS many FROM (SELECT id, at_ms FROM feed ORDER BY id LIMIT ?) WHERE at_ms < ?',
  )
  const dropUpTo = writer.prepare('DELETE FROM feed WHERE id <= ?')
  const noteCut = writer.prepare(`UPDATE numbers SET value = ? WHERE name = 'feed_cut'`)
  const dropOf = writer.prepare('DELETE FROM feed WHERE id > ? AND id <= ? AND conversation_id = ?')
  const readCut = reader.prepare(`SELECT value FROM numbers WHERE name = 'feed_cut'`)
  const select = 'SELECT id, conversation_id, what, head, body FROM feed WHERE id > ?'
  const pageOfAll = reader.prepare(`${select} ORDER BY id LIMIT ?`)
  const pageOfOne = reader.prepare(`${select} AND id <= ? AND conversation_id = ? ORDER BY id LIMIT ?`)
  const pageBack = reader.prepare(
    'SELECT id, conversation_id, what, head, body FROM feed WHERE id < ? ORDER BY id DESC LIMIT ?',
  )
  const stepEnd = reader.prepare('SELECT max(id) AS last FROM (SELECT id FROM feed WHERE id > ? ORDER BY id LIMIT ?)')
  const listeners = createFeedListeners()
  let { many: count } = writer.prepare('SELECT count(*) AS many FROM feed').get() as { readonly many: number }
  let countInFile = count

  function drop({ last, many }: { readonly last: number | null; readonly many: number }): void {
    if (last === null) return
    dropUpTo.run(last)
    noteCut.run(last)
    count -= many
  }

  async function ofOne(after: number, id: ConversationId, limit: number): Promise<readonly StoredEntry[]> {
    const found: StoredEntry[] = []
    for (let from = after; found.length < limit; await nextTurn()) {
      const { last } = stepEnd.get(from, STEP) as { readonly last: number | null }
      if (last === null) break
      found.push(...(pageOfOne.all(from, last, id, limit - found.length) as unknown as StoredEntry[]))
      from = last
    }
    return found
  }

  return {
    add(state, notices, nextNumber) {
      const head = encodeHead(state)
      for (const notice of notices) {
        const number = nextNumber()
        const [what, body] =
          notice.is === 'status'
            ? (['t', encodeState(state)] as const)
            : ([notice.is === 'said' ? 's' : 'c', encodeMessage(notice.message)] as const)
        insert.run(number, now(), state.id, what, head, body)
        count += 1
        if (!listeners.hasAny()) continue
        group.afterwards(() =>
          listeners.tell({ cursor: cursorOf(number), state: what === 't' ? state : decodeHead(head), notice }),
        )
      }
      if (count > mostEntries) drop(oldest.get(Math.ceil(mostEntries / 100)) as { last: number; many: number })
    },
    listen: listeners.listen,
    async read(after, id, limit) {
      const cursor = numberOf(after, FRAME_ADVICE)
      const { value: cut } = readCut.get() as { readonly value: number }
      const rows =
        id === null
          ? (pageOfAll.all(cursor, limit + 1) as unknown as StoredEntry[])
          : await ofOne(cursor, id, limit + 1)
      return {
        entries: rows.slice(0, limit).map(entryOf),
        // A cursor from the future is of entries that a power cut undid: it does not know those that came instead.
        isTooOld: cursor < cut || cursor > newestNumber(),
        isCut: rows.length > limit,
      }
    },
    readBack(before, limit) {
      const end = before === null ? Number.MAX_SAFE_INTEGER : numberOf(before, PAGE_ADVICE)
      const rows = pageBack.all(end, limit + 1) as unknown as StoredEntry[]
      return { entries: rows.slice(0, limit).map(entryOf), isCut: rows.length > limit }
    },
    async forget(id, newest) {
      for (let from = 0; from < newest; await nextTurn()) {
        const { last } = stepEnd.get(from, STEP) as { readonly last: number | null }
        if (last === null) return
        const to = Math.min(last, newest)
        const { value, settled } = group.write(() => Number(dropOf.run(from, to, id).changes))
        count -= value
        await settled
        from = last
      }
    },
    tidy: () => drop(outdated.get(TIDIED_AT_ONCE, now() - lifeMs) as { last: number | null; many: number }),
    committed() {
      countInFile = count
    },
    undone() {
      count = countInFile
    },
  }
}

function entryOf({ id, conversation_id, what, head, body }: StoredEntry): FeedEntry {
  const cursor = cursorOf(id)
  if (what === 't') return { cursor, state: decodeState(conversation_id, body), notice: { is: 'status' } }
  const notice: Notice = { is: what === 's' ? 'said' : 'changed', message: decodeMessage(body) }
  return { cursor, state: decodeHead(head), notice }
}
