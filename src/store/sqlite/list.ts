import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ConversationId } from '../../conversation/ids.js'
import type { Conversation } from '../../conversation/state/state.js'
import { LIST_COUNT, listsBeforeResume, listsThat, passes } from '../../engine/list-filter.js'
import { type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import { decodeState } from '../rows/state-row.js'
import { columnOf } from './column.js'
import type { MessageReader } from './message-table.js'
import type { Database } from './package.js'

/**
 * Pages of conversations, newest activity first. Filters select lists, each a range of an index, so that no conversation
 * is read that does not pass. A search reads the names and ids with that prefix first; if too many match, the lists are
 * walked instead, where a page of matches is soon found.
 */
export type ReadList = (page: ListPage) => Promise<Listing>

/** When few entries match, this many are read before webhooks get their turn … */
const MOST_AT_ONCE = 500
/** … and this many per page: the page then ends early, and its cursor continues. */
const MOST_FOR_PAGE = 20_000
/** A search with more matches walks the lists instead of sorting them. */
const MOST_FOUND = 1_000

interface StoredPlace {
  readonly id: ConversationId
  readonly place: number
  readonly data: string
}

export function createList(parts: {
  readonly database: Database
  readonly messages: MessageReader
  readonly now: () => number
  readonly guarded: <T>(read: () => T) => T
}): ReadList {
  const { database, messages, now, guarded } = parts
  const columns = 'SELECT id, place, data FROM conversations'
  const before = 'place IS NOT NULL AND place < ? ORDER BY place DESC LIMIT ?'
  const everyList = Array.from({ length: LIST_COUNT }, (_, list) => `${columns} WHERE list = ${list} AND place < ?1`)
  // SQLite merges the sixteen ranges lazily, and reads no row that is not shown.
  const all = database.prepare(`${everyList.join(' UNION ALL ')} ORDER BY place DESC LIMIT ?2`)
  const ofPage = database.prepare(`${columns} WHERE page_id = ? AND ${before}`)
  const ofList = database.prepare(`${columns} WHERE list = ? AND ${before}`)
  // Conversations whose pause has just ended are due and woken within moments, so they are few.
  const ofDue = database.prepare(
    `${columns} INDEXED BY conversations_by_due WHERE due_ms <= ? AND list IN (SELECT value FROM json_each(?)) AND ${before}`,
  )
  const ofNumbers = database.prepare(`${columns} WHERE place < ? AND number IN (SELECT value FROM json_each(?))
    ORDER BY place DESC LIMIT ?`)
  const found = database.prepare(
    `SELECT number FROM (SELECT number FROM names WHERE name >= ?1 AND name < ?2 LIMIT ?3)
     UNION SELECT number FROM (SELECT number FROM conversations WHERE id >= ?1 AND id < ?2 LIMIT ?3)
     UNION SELECT number FROM (SELECT number FROM conversations WHERE user_id >= ?1 AND user_id < ?2 LIMIT ?3)`,
  )

  /** The conversations with a name or id of that prefix; null when there are too many. */
  function numbersOf(q: string): string | null {
    const rows = found.all(columnOf(q), `${columnOf(q)}\u{10ffff}`, MOST_FOUND + 1) as unknown as { number: number }[]
    return rows.length > MOST_FOUND ? null : JSON.stringify(rows.map(({ number }) => number))
  }

  /** The next conversations after a place, in order; includes all that pass. */
  function sourceOf(page: ListPage): (after: number, limit: number) => readonly StoredPlace[] {
    const numbers = page.q === null ? null : numbersOf(page.q)
    if (numbers !== null) return (after, limit) => ofNumbers.all(after, numbers, limit) as unknown as StoredPlace[]
    const lists = listsThat(page)
    if (lists.length < LIST_COUNT) {
      const overdue = JSON.stringify(listsBeforeResume(page))
      return (after, limit) =>
        [
          ...lists.flatMap((list) => ofList.all(list, after, limit)),
          ...(overdue === '[]' ? [] : ofDue.all(now(), overdue, after, limit)),
        ]
          .map((row) => row as unknown as StoredPlace)
          .sort((a, b) => b.place - a.place)
          .slice(0, limit)
    }
    if (page.page === null) return (after, limit) => all.all(after, limit) as unknown as StoredPlace[]
    return (after, limit) => ofPage.all(page.page, after, limit) as unknown as StoredPlace[]
  }

  function listing(states: readonly Conversation[], nextCursor: number | null): Listing {
    return {
      conversations: states.map((state) => ({
        state,
        lastMessage: messages.page(state.id, { before: null, after: null, limit: 1 }, 0)[0] ?? null,
      })),
      nextCursor: nextCursor === null ? null : String(nextCursor),
    }
  }

  return async (page) => {
    const shown: Conversation[] = []
    let after = page.cursor === null ? Number.MAX_SAFE_INTEGER : placeOf(page.cursor)
    const next = guarded(() => sourceOf(page))
    let count = page.limit + 1
    for (let left = MOST_FOR_PAGE; left > 0; left -= count) {
      const rows = guarded(() => next(after, count))
      for (const { id, place, data } of rows) {
        const state = guarded(() => decodeState(id, data))
        if (passes(state, page, now())) {
          if (shown.length === page.limit) return guarded(() => listing(shown, after))
          shown.push(state)
        }
        after = place
      }
      if (rows.length < count) return guarded(() => listing(shown, null))
      count = Math.min(2 * count, MOST_AT_ONCE)
      await nextTurn()
    }
    return guarded(() => listing(shown, after))
  }
}

function placeOf(cursor: string): number {
  if (/^\d{1,16}$/.test(cursor)) return Number(cursor)
  throw new RouterError('invalid_request', 'cursor: use the next_cursor of a page.')
}
