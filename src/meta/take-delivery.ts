import { setImmediate as othersFirst } from 'node:timers/promises'
import type { Channel, Platform } from '../conversation/channel.js'
import type { WebhookEvent } from '../conversation/event.js'
import { type ConversationId, conversationIdOf, isAccountId } from '../conversation/ids.js'
import type { Reason } from '../conversation/state/message.js'
import { andThen, type MaybePromise } from '../engine/maybe-promise.js'
import type { Log, Meter, Receive, Store } from '../engine/ports.js'
import { type AnswerText, answerOf, dataOf, type ReceivedItem, rowOf, tooManyRow } from './answer.js'
import type { Delivery } from './delivery.js'
import type { Item } from './item.js'
import { wideLine } from './wide-line.js'

/**
 * Processes the items of a delivery and returns the response body once all are committed: those of a conversation in
 * order, those of different ones together, where the store takes its time.
 */
export type TakeDelivery = (delivery: Delivery, requestId: string) => MaybePromise<AnswerText>

/**
 * So many items are taken together. Ten thousand at once would block the event loop for a second, and the store's last
 * answer would come after its time limit.
 */
const ITEMS_IN_A_TURN = 200

interface Progress {
  /** By the index of their items. */
  readonly rows: string[]
  duplicates: number
  data: AnswerText | null
  /** The index of the item that `data` describes. */
  dataOf: number
}

export function createTakeDelivery(parts: {
  readonly receive: Receive
  readonly store: Store
  readonly channelWith: (id: string) => Channel | undefined
  readonly log: Log
  readonly meter: Meter
}): TakeDelivery {
  const { receive, store, channelWith, log, meter } = parts

  function takeFrom(
    delivery: Delivery,
    index: number,
    requestId: string,
    progress: Progress,
  ): MaybePromise<AnswerText> {
    const end = Math.min(delivery.items.length, index + ITEMS_IN_A_TURN)
    const underWay: Promise<void>[] = []
    for (let i = index; i < end; i++) {
      const taken = take(delivery.items[i]!, i, delivery.platform, requestId, progress)
      if (!(taken instanceof Promise)) continue
      if (end === 1) return taken.then(() => takeFrom(delivery, end, requestId, progress))
      // Where taking a later item throws, nobody would hear of this one's failure.
      taken.catch(ignore)
      underWay.push(taken)
    }
    if (underWay.length > 0) return allOf(underWay).then(() => takeFrom(delivery, end, requestId, progress))
    if (end < delivery.items.length) return othersFirst().then(() => takeFrom(delivery, end, requestId, progress))
    const { rows, duplicates, data } = progress
    if (delivery.tooMany > 0) tellOfTooMany(delivery.tooMany, requestId, progress)
    return answerOf(rows, rows.length > 0 && duplicates === rows.length, data)
  }

  function take(
    item: Item,
    index: number,
    platform: Platform,
    requestId: string,
    progress: Progress,
  ): MaybePromise<void> {
    const { pageId, userId, event } = item
    const channel = pageId === null ? undefined : channelWith(pageId)
    const isPageId = pageId !== null && (channel !== undefined || isAccountId(pageId))
    const hasIds = isPageId && userId !== null && isAccountId(userId)
    const id = hasIds ? conversationIdOf(pageId, userId) : null
    const reason = whyIgnored(item, channel, platform, id)
    if (reason !== null || channel === undefined || id === null || userId === null || event === null) {
      progress.rows[index] = rowOf(item, id, reason, null)
      meter.item(item.name, 'ignored', reason, null)
      const facts = { req_id: requestId, event: item.name, reason, conversation_id: id }
      if (reason === 'unknown_channel') log.warn({ ...facts, page_id: shown(pageId), platform }, whyUnknown(channel))
      else log.info(facts, 'item ignored')
      return
    }
    return andThen(receive(id, channel, event, item.key), (received) => {
      progress.rows[index] = rowOf(item, id, null, received)
      const isDuplicate = received.verdict.outcome === 'duplicate'
      if (isDuplicate) progress.duplicates += 1
      meter.item(item.name, isDuplicate ? 'duplicate' : 'accepted', received.verdict.reason, channel.id)
      // An echo of our own message changes nothing, but shows that the channel's webhooks arrive.
      if (!isDuplicate || received.verdict.reason === 'own_message') noteHeard(channel, event)
      if (index < progress.dataOf && (item.name === 'message' || item.name === 'echo')) {
        if (event.is === 'message' || event.is === 'echo') {
          progress.data = dataOf(channel, id, userId, event, received)
          progress.dataOf = index
        }
      }
      logItem(item, channel, id, received, requestId)
    })
  }

  function tellOfTooMany(count: number, requestId: string, { rows }: Progress): void {
    rows.push(tooManyRow(count))
    meter.item('unsupported', 'ignored', 'too_many', null, count)
    log.warn({ req_id: requestId, event: 'unsupported', reason: 'too_many', count }, 'items past the cap ignored')
  }

  function noteHeard(channel: Channel, event: WebhookEvent): void {
    if (event.is === 'echo') store.noteChannel(channel.id, 'echo', store.now())
    else if (event.is === 'message') store.noteChannel(channel.id, 'inbound', store.now())
  }

  function logItem(item: Item, channel: Channel, id: ConversationId, received: ReceivedItem, requestId: string): void {
    const { outcome, reason, author, evidence } = received.verdict
    const { onTheWire } = received
    const facts = { req_id: requestId, conversation_id: id, event: item.name, outcome, reason, author, evidence }
    const { level, words, facts: more } = wideLine(item, channel, id, received)
    if (onTheWire === 0) log[level](more === null ? facts : { ...facts, ...more }, words)
    // The customer may read the bot's message after the person's.
    else log.warn({ ...facts, ...more, on_the_wire: onTheWire }, words)
  }

  return (delivery, requestId) =>
    takeFrom(delivery, 0, requestId, {
      rows: new Array(delivery.items.length),
      duplicates: 0,
      data: null,
      dataOf: Number.POSITIVE_INFINITY,
    })
}

/** Fails with the first failure once all have ended, since none may go on behind the answer. */
async function allOf(underWay: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(underWay)) if (end.status === 'rejected') throw end.reason
}

function ignore(): void {}

/** The id comes from outside and may be any text. */
function shown(pageId: string | null): string | null {
  return pageId !== null && isAccountId(pageId) ? pageId : null
}

function whyUnknown(channel: Channel | undefined): string {
  if (channel === undefined) return 'item ignored: no channel has this page id'
  return `item ignored: the channel is set up for ${channel.platform}, and this came for the other platform`
}

function whyIgnored(
  item: Item,
  channel: Channel | undefined,
  platform: Platform,
  id: ConversationId | null,
): Reason | null {
  if (item.event === null) return item.reason
  if (channel === undefined || channel.platform !== platform) return 'unknown_channel'
  return id === null ? 'invalid_id' : null
}
