import { setImmediate as nextTurn } from 'node:timers/promises'
import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { passes } from '../../engine/list-filter.js'
import type { MaybePromise } from '../../engine/maybe-promise.js'
import { type Listed, type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import type { ActivityOrder } from './activity.js'
import type { Entry } from './entry.js'

/**
 * A filter that few conversations pass scans them all, this many at a time (a few milliseconds), yielding to webhooks
 * in between.
 */
const STEPS_AT_ONCE = 5_000

export function listPage(
  parts: {
    readonly order: ActivityOrder
    readonly entryOf: (id: ConversationId) => Entry | undefined
    readonly now: () => number
  },
  page: ListPage,
): MaybePromise<Listing> {
  const { order, entryOf, now } = parts
  const conversations: Listed[] = []

  function goOn(from: Entry | null): MaybePromise<Listing> {
    let entry = from
    for (let steps = 0; entry !== null; steps++) {
      if (steps === STEPS_AT_ONCE) {
        const place: Place = { id: entry.id, activity: entry.activity }
        return nextTurn().then(() => goOn(firstFrom(place)))
      }
      // Silent conversations are in no list.
      const { kept } = entry
      if (typeof kept !== 'string' && passes(kept, page, now())) {
        if (conversations.length === page.limit) break
        conversations.push({ state: kept, lastMessage: entry.messages.at(-1) ?? null })
      }
      entry = entry.older
    }
    return { conversations, nextCursor: entry === null ? null : `${entry.activity}.${entry.id}` }
  }

  /** The conversation at that place, or the next one if it has moved or was removed. */
  function firstFrom({ id, activity }: Place): Entry | null {
    const named = entryOf(id)
    if (named !== undefined && named.activity === activity) return named
    let entry = order.newest()
    while (entry !== null && entry.activity > activity) entry = entry.older
    return entry
  }

  return goOn(page.cursor === null ? order.newest() : firstFrom(placeOf(page.cursor)))
}

/** A cursor: a conversation, and its activity at that time. */
interface Place {
  readonly id: ConversationId
  readonly activity: number
}

function placeOf(cursor: string): Place {
  const [, activity, name] = CURSOR.exec(cursor) ?? []
  const id = parseConversationId(name ?? '')
  if (id === null) throw new RouterError('invalid_request', 'cursor: use the next_cursor of a page.')
  return { id, activity: Number(activity) }
}

const CURSOR = /^(\d{1,15})\.(.*)$/
