import type { Channel, Policy } from '../channel.js'
import { type ConversationId, pageOf, userOf } from '../ids.js'
import { type Attachment, type Message, messageId } from '../state/message.js'
import type { Conversation } from '../state/state.js'
import { isWebAddress } from '../text/web-address.js'
import { harmless, renderShare } from './share-template.js'
import { isLoneShare, sharedIn } from './shares.js'

/** A question to the assistant: a customer's burst of messages. */
export interface AskedQuestion {
  /** Dify's `user`. */
  readonly id: ConversationId
  readonly query: string
  readonly files: readonly AskedFile[]
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  /** Dify's own conversation; null for a new one. */
  readonly conversationId: string | null
  /** The trace of the webhook that brought the message; null without one. */
  readonly traceparent: string | null
}

export interface AskedFile {
  readonly type: 'image' | 'audio'
  readonly url: string
}

/** The limit of Dify apps by default. */
const MOST_FILES = 10

export function questionOf(
  state: Conversation,
  heard: readonly Message[],
  channel: Channel,
  transcript: string | null,
): AskedQuestion {
  const { id } = state
  const messages = asWritten(heard)
  const query = queryOf(messages, channel.policy)
  const inputs: Record<string, string | number | boolean> = {
    ...channel.assistant?.inputs,
    conversation_id: id,
    page_id: pageOf(id),
    user_id: userOf(id),
    platform: channel.platform,
    message_id: nameOf(state, messages.at(-1)),
    customer_name: harmless(state.profile.name ?? '')
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
  }
  const payload = messages.findLast(({ origin }) => origin.payload !== null)?.origin.payload ?? null
  if (payload !== null) inputs['payload'] = harmless(payload)
  if (transcript !== null) inputs['human_transcript'] = transcript
  if (channel.assistant?.app === 'workflow') inputs['query'] = query
  const files = messages.flatMap(filesOf).slice(0, MOST_FILES)
  const traceparent = messages.findLast(({ origin }) => origin.traceparent !== null)?.origin.traceparent ?? null
  return { id, query, files, inputs, conversationId: state.asking.assistantId, traceparent }
}

/** In the order in which they were written: deliveries that Meta makes at the same time arrive in any order. */
export function asWritten(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((a, b) => a.at - b.at)
}

/** The texts, oldest first, one per line; if no message has a text, the kinds of the messages. */
export function queryOf(messages: readonly Message[], policy: Policy): string {
  const shared = policy.platform === 'instagram' ? lastShared(messages) : null
  if (shared === null) return harmless(wordsOf(messages))
  const url = isWebAddress(shared.url) ? shared.url : null
  const share = { title: shared.title, url, kind: shared.kind === 'story' ? 'story' : 'post' } as const
  return renderShare(policy.shareTemplate, share, wordsOf(messages.filter((each) => !isLoneShare(each, policy))))
}

function wordsOf(messages: readonly Message[]): string {
  const texts = messages.flatMap((message) => textOf(message) ?? [])
  return texts.length > 0 ? texts.join('\n') : messages.map(({ kind }) => `[${kind}]`).join('\n')
}

function textOf(message: Message): string | null {
  const said = [message.text, message.outcome.transcription].filter((each) => each !== null && each.trim() !== '')
  return said.length > 0 ? said.join('\n') : describedShare(message)
}

/** The description of a post without text on Messenger. On Instagram a post is rendered with its question. */
function describedShare(message: Message): string | null {
  const shared = sharedIn(message)
  if (shared === null) return null
  const lines = [shared.title, isWebAddress(shared.url) ? shared.url : null].flatMap((line) => line?.trim() || [])
  return lines.length === 0 ? null : [`[${message.kind}]`, ...lines].join('\n')
}

function lastShared(messages: readonly Message[]): Attachment | null {
  const latest = messages.findLast((message) => sharedIn(message) !== null)
  return latest === undefined ? null : sharedIn(latest)
}

/** A voice message that was heard is asked in its words. */
function filesOf({ attachments, outcome }: Message): readonly AskedFile[] {
  return attachments.flatMap(({ kind, url }): readonly AskedFile[] => {
    const type = FILE_TYPES.get(kind)
    if (type === 'audio' && outcome.transcription !== null) return []
    return type === undefined || !isWebAddress(url) ? [] : [{ type, url }]
  })
}

const FILE_TYPES: ReadonlyMap<string, AskedFile['type']> = new Map([
  ['image', 'image'],
  ['voice', 'audio'],
])

/** Meta's name for the message's kind if it gave one. */
function nameOf(state: Conversation, message: Message | undefined): string {
  if (message === undefined) return ''
  return message.mid ?? messageId(state.id, state.createdAt, message.seq)
}
