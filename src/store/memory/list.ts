import { pauseOf } from '../../conversation/pause.js'
import type { Conversation } from '../../conversation/state.js'
import { type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import type { ActivityOrder } from './activity.js'
import type { Entry } from './entry.js'

/** A filter that few conversations pass ends its page here: a request must not hold up the webhooks behind it. */
const MOST_STEPS = 50_000

export function listPage(order: ActivityOrder, page: ListPage, now: number): Listing {
  const conversations: Conversation[] = []
  let entry = page.cursor === null ? order.newest() : firstAfter(order, page.cursor)
  for (let steps = 0; entry !== null && steps < MOST_STEPS; steps++) {
    if (passes(entry.state, page.bot, now)) {
      if (conversations.length === page.limit) break
      conversations.push(entry.state)
    }
    entry = entry.older
  }
  return { conversations, nextCursor: entry === null ? null : cursorBefore(entry) }
}

function passes(state: Conversation, bot: ListPage['bot'], now: number): boolean {
  if (bot === null) return true
  return (pauseOf(state, now) !== null) === (bot === 'paused')
}

/** The cursor names where the next page begins. */
function cursorBefore(entry: Entry): string {
  return `${entry.activity}`
}

/** The first conversation whose activity is not newer than the cursor's. */
function firstAfter(order: ActivityOrder, cursor: string): Entry | null {
  if (!/^\d{1,15}$/.test(cursor)) throw new RouterError('invalid_request', 'cursor: use the next_cursor of a page.')
  const activity = Number(cursor)
  let entry = order.newest()
  while (entry !== null && entry.activity > activity) entry = entry.older
  return entry
}
