import { setImmediate as nextTurn } from 'node:timers/promises'
import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { listsBeforeResume, listsThat, passes } from '../../engine/list-filter.js'
import type { MaybePromise } from '../../engine/maybe-promise.js'
import { type Listed, type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import type { ActivityOrder } from './activity.js'
import type { Conversations } from './conversations.js'
import { LIST, NOWHERE, OLDER, type Slot, type Table } from './table.js'

/**
 * A filter that few conversations pass scans them all, so many steps at a time (a few milliseconds), yielding to
 * webhooks in between. To read the row of a conversation at rest is worth some steps.
 */
const STEPS_AT_ONCE = 5_000
const STEPS_OF_ROW = 20

export function listPage(
  parts: {
    readonly order: ActivityOrder
    readonly table: Table
    readonly all: Pick<Conversations, 'find' | 'idOf' | 'isAtRest' | 'stateOf' | 'lastMessageOf'>
    readonly now: () => number
  },
  page: ListPage,
): MaybePromise<Listing> {
  const { order, table, all, now } = parts
  const lists = [...listsThat(page), ...listsBeforeResume(page)]
  const conversations: Listed[] = []

  function goOn(from: Slot): MaybePromise<Listing> {
    let slot = from
    for (let steps = 0; slot !== NOWHERE; steps++) {
      if (steps >= STEPS_AT_ONCE) {
        const place: Place = { id: all.idOf(slot), activity: table.activity(slot) }
        return nextTurn().then(() => goOn(firstFrom(place)))
      }
      if (mayPass(slot)) {
        if (all.isAtRest(slot)) steps += STEPS_OF_ROW
        const state = all.stateOf(slot)
        if (passes(state, page, now())) {
          if (conversations.length === page.limit) break
          conversations.push({ state, lastMessage: all.lastMessageOf(slot) })
        }
      }
      slot = table.get(slot, OLDER)
    }
    const nextCursor = slot === NOWHERE ? null : `${table.activity(slot)}.${all.idOf(slot)}`
    return { conversations, nextCursor }
  }

  /** By what is known without its state. */
  function mayPass(slot: Slot): boolean {
    if (!lists.includes(table.get(slot, LIST))) return false
    return page.page === null || all.idOf(slot).startsWith(`${page.page}-`)
  }

  /** The conversation at that place, or the next one if it has moved or was removed. */
  function firstFrom({ id, activity }: Place): Slot {
    const named = all.find(id)
    if (named !== NOWHERE && table.activity(named) === activity) return named
    let slot = order.newest()
    while (slot !== NOWHERE && table.activity(slot) > activity) slot = table.get(slot, OLDER)
    return slot
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
