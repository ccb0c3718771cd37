import type { Channel } from '../conversation/channel.js'
import type { CustomerMessage, Echo } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import { type MessageType, messageId } from '../conversation/state/message.js'
import type { Profile } from '../conversation/state/state.js'
import type { ItemVerdict } from '../conversation/verdict.js'
import type { Received } from '../engine/ports.js'
import { isoTime } from '../iso-time.js'
import { jsonString } from '../json.js'
import type { Item } from './item.js'

export type ReceivedItem = Received<ItemVerdict>

/**
 * The response to a delivery. Meta reads only the status; test doubles of Meta and people with curl read the rest.
 * Built as text from fixed shapes, which costs a third of serialising objects.
 */

export function rowOf(
  item: Item,
  id: ConversationId | null,
  reason: string | null,
  received: ReceivedItem | null,
): string {
  const verdict = received?.verdict
  const outcome = verdict?.outcome ?? 'ignored'
  return (
    `{"event":"${item.name}","outcome":"${outcome}","reason":${word(verdict === undefined ? reason : verdict.reason)},` +
    `"conversation_id":${word(id)},"author":${word(verdict?.author ?? null)},"evidence":${word(verdict?.evidence ?? null)}}`
  )
}

/** One row for all items past the cap. */
export function tooManyRow(count: number): string {
  return (
    '{"event":"unsupported","outcome":"ignored","reason":"too_many","conversation_id":null,"author":null,' +
    `"evidence":null,"count":${count}}`
  )
}

/** For ids and our own constants, which need no escaping. */
function word(value: string | null): string {
  return value === null ? 'null' : `"${value}"`
}

export function answerOf(rows: readonly string[], duplicate: boolean, data: string | null): string {
  return (
    `{"status":"success","message":"Message received and processed successfully","duplicate":${duplicate},` +
    `"results":[${rows.join(',')}],"data":${data ?? 'null'}}`
  )
}

/** Describes the first message or echo of the delivery. */
export function dataOf(
  channel: Channel,
  id: ConversationId,
  userId: string,
  event: CustomerMessage | Echo,
  received: ReceivedItem,
): string {
  const { state, isNew, verdict } = received
  const { message } = verdict
  const isEcho = event.is === 'echo'
  const type: MessageType | null = message?.type ?? (isEcho ? null : 'customer')
  const ours = message === null ? word(null) : `"${messageId(id, state.createdAt, message.seq)}"`
  const { text, at } = message ?? event
  const { platform } = channel
  return (
    `{"message_direction":"${isEcho ? 'owner_to_customer' : 'customer_to_owner'}",` +
    `${channelText(channel)},"customer":{"id":"${userId}","instagram_id":${platform === 'instagram' ? `"${userId}"` : 'null'},` +
    `${nameText(state.profile)},"source":"${platform}","was_created":${isNew},"enhanced_data_fetched":${state.profile.isKnown}},` +
    `"conversation":{"id":"${id}","source":"${platform}","was_created":${isNew}},` +
    `"message":{"id":${ours},"content":${text === null ? 'null' : jsonString(text)},` +
    `"type":${word(type)},"message_type":"${event.kind}","timestamp":"${isoTime(at)}"}}`
  )
}

const NO_NAME = '"first_name":null,"last_name":null'

/** Instagram provides only a full name: the text before its first space is used as the first name. */
function nameText({ name }: Profile): string {
  const [first = '', ...others] = name === null ? [] : name.trim().split(/\s+/)
  if (first === '') return NO_NAME
  const last = others.length === 0 ? null : others.join(' ')
  return `"first_name":${JSON.stringify(first)},"last_name":${JSON.stringify(last)}`
}

const channelTexts = new WeakMap<Channel, string>()

/** Cached, as it is the same for all messages of a channel. */
function channelText(channel: Channel): string {
  const known = channelTexts.get(channel)
  if (known !== undefined) return known
  const { id, name, owner } = channel
  const text = `"channel":${JSON.stringify({ id, username: name, owner })}`
  channelTexts.set(channel, text)
  return text
}
