import type { ConversationId } from '../../conversation/ids.js'
import { pauseOf } from '../../conversation/pause/pause.js'
import { type Conversation, hasDeadLetters } from '../../conversation/state/state.js'
import { type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import { decodeState } from '../rows/state-row.js'
import type { Database } from './package.js'

/** Pages of conversations, the newest activity first. */
export type ReadList = (page: ListPage, now: number) => Listing

/** A filter that few conversations pass ends its page here: a request must not hold up the webhooks behind it. */
const MOST_STEPS = 2_000
const STEP = 100

interface StoredPlace {
  readonly id: ConversationId
  readonly place: number
  readonly data: string
}

export function createList(database: Database): ReadList {
  const among = (condition: string) =>
    database.prepare(
      `SELECT id, place, data FROM conversations WHERE place IS NOT NULL AND ${condition} AND place < ? ORDER BY place DESC LIMIT ?`,
    )
  const all = among('1')
  const paused = among('bot_enabled = 0')
  const dead = among('dead_letters > 0')

  return ({ only, limit, cursor }, now) => {
    const from = only === 'paused' ? paused : only === 'dead' ? dead : all
    const conversations: Conversation[] = []
    let after = cursor === null ? Number.MAX_SAFE_INTEGER : placeOf(cursor)
    const step = only === null ? limit + 1 : STEP
    for (let steps = 0; steps < MOST_STEPS; steps += step) {
      const rows = from.all(after, step) as unknown as StoredPlace[]
      for (const { id, place, data } of rows) {
        const state = decodeState(id, data)
        if (passes(state, only, now)) {
          if (conversations.length === limit) return { conversations, nextCursor: String(after) }
          conversations.push(state)
        }
        after = place
      }
      if (rows.length < step) return { conversations, nextCursor: null }
    }
    return { conversations, nextCursor: String(after) }
  }
}

function passes(state: Conversation, only: ListPage['only'], now: number): boolean {
  if (only === null) return true
  if (only === 'dead') return hasDeadLetters(state)
  return (pauseOf(state, now) !== null) === (only === 'paused')
}

function placeOf(cursor: string): number {
  if (/^\d{1,16}$/.test(cursor)) return Number(cursor)
  throw new RouterError('invalid_request', 'cursor: use the next_cursor of a page.')
}
