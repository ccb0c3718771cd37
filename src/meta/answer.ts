import type { Channel } from '../conversation/channel.js'
import type { CustomerMessage, Echo } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import { type MessageType, messageId } from '../conversation/state/message.js'
import type { Profile } from '../conversation/state/state.js'
import type { ItemVerdict } from '../conversation/verdict.js'
import type { Received } from '../engine/ports.js'
import type { Item } from './item.js'

export type ReceivedItem = Received<ItemVerdict>

/**
 * The answer to a delivery. Meta looks at nothing but the status; programs that stand in for Meta in tests, and people
 * with curl, read the rest. It is written as text from fixed shapes, which costs a third of serialising objects.
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

/** Ids, names of ours and the like: nothing in them needs escaping. */
function word(value: string | null): string {
  return value === null ? 'null' : `"${value}"`
}

export function answerOf(rows: readonly string[], duplicate: boolean, data: string | null): string {
  return (
    `{"status":"success","message":"Message received and processed successfully","duplicate":${duplicate},` +
    `"results":[${rows.join(',')}],"data":${data ?? 'null'}}`
  )
}

/** What the first message or echo of the delivery was. */
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
  const at = message?.at ?? event.at
  const { platform } = channel
  return (
    `{"message_direction":"${isEcho ? 'owner_to_customer' : 'customer_to_owner'}",` +
    `${channelText(channel)},"customer":{"id":"${userId}","instagram_id":${platform === 'instagram' ? `"${userId}"` : 'null'},` +
    `${nameText(state.profile)},"source":"${platform}","was_created":${isNew},"enhanced_data_fetched":${state.profile.isKnown}},` +
    `"conversation":{"id":"${id}","source":"${platform}","was_created":${isNew}},` +
    `"message":{"id":${ours},"content":${JSON.stringify(message === null ? event.text : message.text)},` +
    `"type":${word(type)},"message_type":"${event.kind}","timestamp":"${new Date(at).toISOString()}"}}`
  )
}

const NO_NAME = '"first_name":null,"last_name":null'

/** Instagram tells the whole name alone: what stands before its first blank is taken for the first name. */
function nameText({ name }: Profile): string {
  const [first = '', ...others] = name === null ? [] : name.trim().split(/\s+/)
  if (first === '') return NO_NAME
  const last = others.length === 0 ? null : others.join(' ')
  return `"first_name":${JSON.stringify(first)},"last_name":${JSON.stringify(last)}`
}

const channelTexts = new WeakMap<Channel, string>()

/** The same for every message of a channel. */
function channelText(channel: Channel): string {
  const known = channelTexts.get(channel)
  if (known !== undefined) return known
  const { id, name, owner } = channel
  const text = `"channel":${JSON.stringify({ id, username: name, owner })}`
  channelTexts.set(channel, text)
  return text
}
