import type { WebhookEvent } from '../conversation/event.js'
import type { Reason } from '../conversation/state/message.js'
import { isObject, type JsonObject } from '../json.js'
import { contentOf, idAt, objectAt, textAt, timeAt } from './content.js'

/** One item of a delivery: an event of ours, or null with a reason. */
export interface Item {
  readonly name: ItemName
  /** The id of the page or account; null when the delivery has none. */
  readonly pageId: string | null
  readonly userId: string | null
  /** Null for an item that has no effect, for the given reason. */
  readonly event: WebhookEvent | null
  readonly reason: Reason | null
  /** Identifies the item within its conversation. */
  readonly key: string | null
}

export type ItemName =
  | 'message'
  | 'echo'
  | 'postback'
  | 'reaction'
  | 'read'
  | 'delivery'
  | 'edit'
  | 'delete'
  | 'referral'
  | 'optin'
  | 'handover'
  | 'change'
  | 'unsupported'

export interface ItemSource {
  readonly pageId: string | null
  readonly standby: boolean
  readonly traceparent: string | null
}

const MOST_MID = 1_024
const MOST_PAYLOAD = 2_000
const HANDOVER = ['pass_thread_control', 'take_thread_control', 'request_thread_control', 'app_roles'] as const

/** The two parties. Our side is the page's id, by whichever id Meta calls it in the item. */
interface Sides {
  readonly pageId: string | null
  readonly userId: string | null
  readonly fromPage: boolean
  readonly senderId: string | null
}

export function readItem(item: unknown, source: ItemSource): Item {
  if (!isObject(item)) return ignored('unsupported', source.pageId, null, 'unsupported')
  const message = objectAt(item, 'message')
  const sides = sidesOf(item, message, source.pageId)
  const at = timeAt(item, 'timestamp')
  if (message !== null) return readMessage(item, message, sides, at, source)
  const edit = objectAt(item, 'message_edit')
  if (edit !== null) return readEdit(edit, sides, at)
  const reaction = objectAt(item, 'reaction')
  if (reaction !== null) return readReaction(reaction, sides, at)
  const read = objectAt(item, 'read')
  if (read !== null) return readRead(read, sides, at)
  const postback = objectAt(item, 'postback')
  if (postback !== null) return readPostback(postback, sides, at, source)
  if (isObject(item['delivery'])) return signal('delivery', item['delivery'], sides, at, false)
  if (isObject(item['referral'])) return signal('referral', item['referral'], sides, at, true)
  if (isObject(item['optin'])) return signal('optin', item['optin'], sides, at, false)
  for (const key of HANDOVER) if (isObject(item[key])) return readHandover(key, item[key], sides, at)
  return ignored('unsupported', sides.pageId, sides.userId, 'unsupported')
}

function sidesOf(item: JsonObject, message: JsonObject | null, pageId: string | null): Sides {
  const senderId = idAt(objectAt(item, 'sender'), 'id')
  const recipientId = idAt(objectAt(item, 'recipient'), 'id')
  const isSelf = message?.['is_self'] === true
  // `is_echo` decides, since an echo may name another sender.
  const isOutgoing =
    message?.['is_echo'] === true || (senderId !== null && senderId === pageId && recipientId !== senderId)
  // A message to oneself is incoming, although it comes as an echo. As a customer the account has an id of its own.
  const isToSelf = isSelf && (recipientId === null || recipientId === pageId)
  const userId = isOutgoing && !isToSelf ? recipientId : senderId
  return { pageId, userId, fromPage: isOutgoing && !isSelf, senderId }
}

function readMessage(item: JsonObject, message: JsonObject, sides: Sides, at: number, source: ItemSource): Item {
  const mid = textAt(message, 'mid', MOST_MID)
  if (message['is_deleted'] === true) {
    if (mid === null) return ignored('delete', sides.pageId, sides.userId, 'unsupported')
    return { name: 'delete', ...of(sides), event: { is: 'delete', mid, at }, reason: null, key: `delete ${mid}` }
  }
  const { kind, text, attachments, storyMention, supported } = contentOf(message)
  const replyTo = objectAt(message, 'reply_to')
  const referral = objectAt(message, 'referral') ?? objectAt(item, 'referral')
  const pressed = textAt(objectAt(message, 'quick_reply'), 'payload', MOST_PAYLOAD)
  const payload = pressed ?? textAt(referral, 'ref', MOST_PAYLOAD)
  const key = mid ?? composed(sides.fromPage ? 'echo' : 'message', sides, at, message)
  const reply =
    replyTo === null ? null : (textAt(replyTo, 'mid', MOST_MID) ?? textAt(objectAt(replyTo, 'story'), 'id', MOST_MID))
  if (sides.fromPage) {
    return {
      name: 'echo',
      ...of(sides),
      event: {
        is: 'echo',
        mid,
        at,
        kind,
        text,
        attachments,
        payload,
        replyTo: reply,
        appId: appIdOf(message),
        metadata: textAt(message, 'metadata', MOST_PAYLOAD),
        storyMention,
        via: 'webhook',
      },
      reason: null,
      key,
    }
  }
  const prompt = pressed !== null || referral !== null
  const fromAd = isAd(referral)
  const { standby, traceparent } = source
  return {
    name: 'message',
    ...of(sides),
    event: {
      is: 'message',
      mid,
      at,
      kind,
      text,
      attachments,
      payload,
      replyTo: reply,
      prompt,
      fromAd,
      supported,
      standby,
      traceparent,
      via: 'webhook',
      isAnswered: false,
      isSelf: message['is_self'] === true,
    },
    reason: null,
    key,
  }
}

function appIdOf(message: JsonObject): string | null {
  const appId = idAt(message, 'app_id')
  return appId === null || /^0*$/.test(appId) ? null : appId
}

function readPostback(postback: JsonObject, sides: Sides, at: number, source: ItemSource): Item {
  const mid = textAt(postback, 'mid', MOST_MID)
  const title = textAt(postback, 'title', MOST_PAYLOAD)
  const referral = objectAt(postback, 'referral')
  return {
    name: 'postback',
    ...of(sides),
    event: {
      is: 'message',
      mid,
      at,
      kind: 'postback',
      text: title,
      attachments: [],
      payload: textAt(postback, 'payload', MOST_PAYLOAD) ?? textAt(referral, 'ref', MOST_PAYLOAD),
      replyTo: null,
      prompt: true,
      fromAd: isAd(referral),
      supported: title !== null,
      standby: source.standby,
      traceparent: source.traceparent,
      via: 'webhook',
      isAnswered: false,
      isSelf: false,
    },
    reason: null,
    key: mid ?? composed('postback', sides, at, postback),
  }
}

function readEdit(edit: JsonObject, sides: Sides, at: number): Item {
  const mid = textAt(edit, 'mid', MOST_MID)
  // Instagram adds such an edit to ordinary new messages, often without a sender.
  if (edit['num_edit'] === 0 || edit['num_edit'] === '0')
    return ignored('edit', sides.pageId, sides.userId, 'companion_edit')
  if (mid === null) return ignored('edit', sides.pageId, sides.userId, 'unsupported')
  const event: WebhookEvent = { is: 'edit', mid, at, text: contentOf(edit).text }
  return { name: 'edit', ...of(sides), event, reason: null, key: composed('edit', sides, at, edit) }
}

function readReaction(reaction: JsonObject, sides: Sides, at: number): Item {
  const mid = textAt(reaction, 'mid', MOST_MID)
  if (mid === null) return ignored('reaction', sides.pageId, sides.userId, 'unsupported')
  const emoji =
    reaction['action'] === 'unreact' ? null : (textAt(reaction, 'emoji', 64) ?? textAt(reaction, 'reaction', 64) ?? '❤')
  const event: WebhookEvent = { is: 'reaction', mid, at, by: sides.fromPage ? 'page' : 'customer', emoji }
  return { name: 'reaction', ...of(sides), event, reason: null, key: composed('reaction', sides, at, reaction) }
}

function readRead(read: JsonObject, sides: Sides, at: number): Item {
  const mid = textAt(read, 'mid', MOST_MID)
  const watermark = timeAt(read, 'watermark')
  if (mid === null && watermark === 0) return ignored('read', sides.pageId, sides.userId, 'unsupported')
  const event: WebhookEvent = { is: 'read', mid, at: mid === null ? watermark : at }
  return { name: 'read', ...of(sides), event, reason: null, key: composed('read', sides, at, read) }
}

function readHandover(key: (typeof HANDOVER)[number], payload: JsonObject, sides: Sides, at: number): Item {
  if (key !== 'pass_thread_control' && key !== 'take_thread_control')
    return signal('handover', payload, sides, at, false)
  const event: WebhookEvent = {
    is: 'handover',
    at,
    how: key === 'pass_thread_control' ? 'passed' : 'taken',
    newOwner: idAt(payload, 'new_owner_app_id'),
  }
  return { name: 'handover', ...of(sides), event, reason: null, key: composed('handover', sides, at, [key, payload]) }
}

function signal(name: ItemName, payload: unknown, sides: Sides, at: number, prompt: boolean): Item {
  const key = composed(name, sides, at, payload)
  const isPrompt = prompt && !sides.fromPage
  const fromAd = isPrompt && isObject(payload) && isAd(payload)
  return { name, ...of(sides), event: { is: 'signal', at, prompt: isPrompt, fromAd }, reason: null, key }
}

/** An ad's referral has the ad's id or is of type ad. */
function isAd(referral: JsonObject | null): boolean {
  return (
    referral !== null && (idAt(referral, 'ad_id') !== null || textAt(referral, 'source', 64)?.toUpperCase() === 'ADS')
  )
}

/** The key of an item without an id of its own. */
function composed(name: string, sides: Sides, at: number, payload: unknown): string {
  return `${name} ${sides.senderId} ${at} ${JSON.stringify(payload)}`
}

function of(sides: Sides): { readonly pageId: string | null; readonly userId: string | null } {
  return { pageId: sides.pageId, userId: sides.userId }
}

function ignored(name: ItemName, pageId: string | null, userId: string | null, reason: Reason): Item {
  return { name, pageId, userId, event: null, reason, key: null }
}
