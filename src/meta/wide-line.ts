import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import { queryOf } from '../conversation/question/question-text.js'
import { sharedIn } from '../conversation/question/shares.js'
import { type Message, messageId, OWN_SOURCE } from '../conversation/state/message.js'
import type { ReceivedItem } from './answer.js'
import type { Item, ItemName } from './item.js'

/** The single log line for an item of a webhook. */
export interface WideLine {
  /** `debug` for the echo of each of the bot's own answers, which is expected. */
  readonly level: 'debug' | 'info'
  readonly words: string
  /** Fields besides those of every item; null for none. */
  readonly facts: object | null
}

/**
 * The result of a webhook's item in one log line. Its text is that of the earlier systems, which operators search
 * for; the details are fields. Contains no message text.
 */
export function wideLine(item: Item, channel: Channel, id: ConversationId, received: ReceivedItem): WideLine {
  const { outcome, reason, message, combined: question } = received.verdict
  if (reason === 'own_message') return cameBack(received)
  if (outcome === 'duplicate') return line('⚠️ DUPLICATE DETECTED - BLOCKING')
  if (reason === 'share_held' && message !== null) return held(message, channel, received)
  if (question !== null) return combined(question, channel, received)
  return line(item.name === 'echo' ? wordsOfEcho(channel, id, received) : recorded(item.name))
}

const recordedTexts = new Map<ItemName, string>()

/** Kept, as most lines have it: a text that is put together for each would be copied before it is checked. */
function recorded(name: ItemName): string {
  const known = recordedTexts.get(name)
  if (known !== undefined) return known
  const text = `${name} recorded`
  recordedTexts.set(name, text)
  return text
}

/** The echo of a message that we sent or that was reported to us. */
function cameBack({ verdict: { message, evidence } }: ReceivedItem): WideLine {
  const what = message === null ? 'our own message' : `our own ${message.type} message [${message.origin.source}]`
  return {
    level: message?.origin.source === OWN_SOURCE ? 'debug' : 'info',
    words: `⚠️ DUPLICATE DETECTED - BLOCKING: echo of ${what}, known by ${evidence}, as it should be`,
    facts: message === null ? null : { type: message.type, source: message.origin.source, seq: message.seq },
  }
}

function held(share: Message, channel: Channel, { state }: ReceivedItem): WideLine {
  return line('⏳ Instagram share detected - waiting for follow-up question', {
    share_id: messageId(state.id, state.createdAt, share.seq),
    timeout_ms: channel.policy.shareWaitMs,
    length: sharedIn(share)?.title?.length ?? 0,
  })
}

function combined(question: Message, channel: Channel, { state }: ReceivedItem): WideLine {
  return line('✅ Combined share + question for AI processing', {
    share_id: messageId(state.id, state.createdAt, question.outcome.shareSeq),
    question_id: messageId(state.id, state.createdAt, question.seq),
    length: queryOf(state.waiting, channel.policy).length,
  })
}

function wordsOfEcho(channel: Channel, id: ConversationId, { verdict: { author, evidence } }: ReceivedItem): string {
  if (channel.platform !== 'instagram') return `echo recorded, written by: ${author}`
  const flagged = evidence === 'flag' || evidence === 'flag_tail'
  const check = `📱 Instagram echo message - checking bot flag · 🔍 Bot flag CHECK for conversation ${id}: ${flagged}`
  return author === 'human' ? `${check} · 👤 Instagram human agent message detected (no bot flag)` : check
}

function line(words: string, facts: object | null = null): WideLine {
  return { level: 'info', words, facts }
}
