import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { pauseOf } from '../../conversation/pause/pause.js'
import { type Conversation, hasDeadLetters, isListed } from '../../conversation/state/state.js'
import { type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import type { ActivityOrder } from './activity.js'
import type { Entry } from './entry.js'

/** A filter that few conversations pass ends its page here: a request must not hold up the webhooks behind it. */
const MOST_STEPS = 50_000

export function listPage(
  parts: { readonly order: ActivityOrder; readonly entryOf: (id: ConversationId) => Entry | undefined },
  page: ListPage,
  now: number,
): Listing {
  const { order, entryOf } = parts
  const conversations: Conversation[] = []
  let entry = page.cursor === null ? order.newest() : firstFrom(order, entryOf, page.cursor)
  for (let steps = 0; entry !== null && steps < MOST_STEPS; steps++) {
    if (passes(entry.state, page.only, now)) {
      if (conversations.length === page.limit) break
      conversations.push(entry.state)
    }
    entry = entry.older
  }
  return { conversations, nextCursor: entry === null ? null : `${entry.activity}.${entry.state.id}` }
}

function passes(state: Conversation, only: ListPage['only'], now: number): boolean {
  if (!isListed(state)) return false
  if (only === null) return true
  if (only === 'dead') return hasDeadLetters(state)
  return (pauseOf(state, now) !== null) === (only === 'paused')
}

/** The cursor names the conversation that the page begins with, and its place in case it has moved or gone since. */
function firstFrom(
  order: ActivityOrder,
  entryOf: (id: ConversationId) => Entry | undefined,
  cursor: string,
): Entry | null {
  const [, place, name] = CURSOR.exec(cursor) ?? []
  const id = parseConversationId(name ?? '')
  if (id === null) throw new RouterError('invalid_request', 'cursor: use the next_cursor of a page.')
  const activity = Number(place)
  const named = entryOf(id)
  if (named !== undefined && named.activity === activity) return named
  let entry = order.newest()
  while (entry !== null && entry.activity > activity) entry = entry.older
  return entry
}

const CURSOR = /^(\d{1,15})\.(.*)$/
