import type { Channel } from '../conversation/channel.js'
import type { CustomerMessage, Echo } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import { type MessageType, messageId } from '../conversation/state/message.js'
import type { ItemVerdict } from '../conversation/verdict.js'
import type { Received } from '../engine/ports.js'
import { isoTime } from '../iso-time.js'
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

/** A part of the response, or the whole. */
export interface AnswerText {
  readonly text: string
  /** Every character is one byte: the response's length need not be counted. */
  readonly isAscii: boolean
}

export function answerOf(rows: readonly string[], duplicate: boolean, data: AnswerText | null): AnswerText {
  const text =
    `{"status":"success","message":"Message received and processed successfully","duplicate":${duplicate},` +
    `"results":[${rows.join(',')}],"data":${data === null ? 'null' : data.text}}`
  return { text, isAscii: data === null || data.isAscii }
}

/** Describes the first message or echo of the delivery. */
export function dataOf(
  channel: Channel,
  id: ConversationId,
  userId: string,
  event: CustomerMessage | Echo,
  received: ReceivedItem,
): AnswerText {
  const { state, isNew, verdict } = received
  const { message } = verdict
  const isEcho = event.is === 'echo'
  const type: MessageType | null = message?.type ?? (isEcho ? null : 'customer')
  const seq = message === null ? 'null' : `"${messageId(id, state.createdAt, message.seq)}"`
  const { text: said, at } = message ?? event
  const isPlain = said === null || !NOT_PLAIN.test(said)
  const content = said === null ? 'null' : isPlain ? `"${said}"` : JSON.stringify(said)
  const ofChannel = textsOf(channel)
  const { name, isKnown } = state.profile
  const text =
    `${isEcho ? ofChannel.echo : ofChannel.message}${userId}","instagram_id":` +
    `${channel.platform === 'instagram' ? `"${userId}",` : 'null,'}${name === null ? NO_NAME : nameText(name)}` +
    `,${ofChannel.source}${isNew},"enhanced_data_fetched":${isKnown}},"conversation":{"id":"${id}",` +
    `${ofChannel.source}${isNew}},"message":{"id":${seq},"content":${content},"type":${word(type)},` +
    `"message_type":"${event.kind}","timestamp":"${isoTime(at)}"}}`
  return { text, isAscii: isPlain && ofChannel.isAscii && (name === null || !NOT_ASCII.test(name)) }
}

const NOT_ASCII = /[^ -~]/
/** What is not ASCII, or not the same in JSON. */
const NOT_PLAIN = /[^ !#-[\]-~]/

const NO_NAME = '"first_name":null,"last_name":null'

/** Instagram provides only a full name: the text before its first space is used as the first name. */
function nameText(name: string): string {
  const [first = '', ...others] = name.trim().split(/\s+/)
  if (first === '') return NO_NAME
  const last = others.length === 0 ? null : others.join(' ')
  return `"first_name":${JSON.stringify(first)},"last_name":${JSON.stringify(last)}`
}

/** What the responses of a channel have in common. */
interface ChannelTexts {
  /** The beginning, up to the customer's id: for a message, and for an echo. */
  readonly message: string
  readonly echo: string
  readonly source: string
  readonly isAscii: boolean
}

const channelTexts = new WeakMap<Channel, ChannelTexts>()

function textsOf(channel: Channel): ChannelTexts {
  const known = channelTexts.get(channel)
  if (known !== undefined) return known
  const { id, name, owner, platform } = channel
  const common = `"channel":${JSON.stringify({ id, username: name, owner })},"customer":{"id":"`
  const made: ChannelTexts = {
    message: `{"message_direction":"customer_to_owner",${common}`,
    echo: `{"message_direction":"owner_to_customer",${common}`,
    source: `"source":"${platform}","was_created":`,
    isAscii: !NOT_ASCII.test(common),
  }
  channelTexts.set(channel, made)
  return made
}
