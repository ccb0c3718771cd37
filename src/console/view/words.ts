import type { Conversation, DeadLetter, Message } from './shapes.js'
import { spanInWords } from './time.js'

/** Explains the router's decisions in a shop's terms. */

export type Who = 'customer' | 'bot' | 'person' | 'automation'

export function whoWrote({ type }: Pick<Message, 'type'>): Who {
  if (type === 'customer') return 'customer'
  if (type === 'support') return 'person'
  return type === 'automation' ? 'automation' : 'bot'
}

const EVIDENCE: Words = {
  message_id: 'known by its message id',
  metadata: 'our own mark came back',
  text: 'known by its text',
  flag: 'announced by a flag',
  flag_tail: 'follows an announced one',
  app_id: 'told by the app that sent it',
  story: 'a mention in a story',
  auto_reply: 'Meta’s own instant reply',
  none: 'nobody announced it',
  displaced: 'its flag turned out to be for another message',
}

/** Who wrote a message of ours and how the router knows; null when that is not decided yet. */
export function evidenceInWords(message: Pick<Message, 'type' | 'evidence'>): string | null {
  if (message.evidence === null) return null
  return `${whoWrote(message)}: ${EVIDENCE[message.evidence] ?? plain(message.evidence)}`
}

const NOT_ASKED: Words = {
  standby: 'another app has this thread',
  bot_off: 'the bot is off on this page',
  not_a_tester: 'the bot answers testers only',
  conversation_closed: 'the conversation was closed',
  bot_paused: 'the bot was paused',
  customer_request: 'the customer asked for a person',
  closed_hours: 'outside the bot’s hours',
  no_assistant: 'this page has no assistant',
  unsupported: 'the bot cannot read this kind of message',
  repeated_text: 'the same words again',
  share_expired: 'no question came to this post',
  share_replaced: 'another post came first',
  assistant_failed: 'the assistant failed',
  answered: 'somebody had answered it already',
  window_closed: 'Meta’s time for answering is over',
  too_many: 'too many messages were waiting',
}

const NOT_SENT: Words = {
  ...NOT_ASKED,
  thread_not_ours: 'another app has this thread',
  channel_unusable: 'the page’s token does not work',
  refused: 'Meta refused it',
  attempts_exhausted: 'it failed too often',
  unknown_outcome: 'nobody knows whether it arrived',
}

export interface Standing {
  readonly words: string
  /** `bad`: an operator should look at it. */
  readonly mood: 'quiet' | 'waiting' | 'bad'
}

/** The processing status of a message in words; null when it needs no mention. */
export function standingOf({ type, status, reason }: Pick<Message, 'type' | 'status' | 'reason'>): Standing | null {
  const because = (words: Words): string => (reason === null ? '' : `: ${words[reason] ?? plain(reason)}`)
  switch (status) {
    case 'received':
      if (reason === 'share_held') return { words: 'waits for its question', mood: 'waiting' }
      return { words: 'waits to be asked', mood: 'waiting' }
    case 'processed':
      return null
    case 'skipped':
      return { words: `not asked${because(NOT_ASKED)}`, mood: reason === 'assistant_failed' ? 'bad' : 'quiet' }
    case 'queued':
      return { words: 'waits to be sent', mood: 'waiting' }
    case 'sending':
      return { words: 'on its way', mood: 'waiting' }
    case 'sent':
      return null
    case 'cancelled':
      return { words: `not sent${because(NOT_SENT)}`, mood: 'quiet' }
    case 'failed':
      return { words: `not sent${because(NOT_SENT)}`, mood: 'bad' }
    case 'unknown':
      return { words: 'perhaps sent: Meta has not confirmed it', mood: 'waiting' }
    default:
      return { words: plain(status), mood: type === 'customer' ? 'quiet' : 'waiting' }
  }
}

const PAUSED_BECAUSE: Words = {
  human_echo: 'a person wrote in the app',
  support_message: 'a person wrote',
  api: 'paused by hand',
  customer_request: 'the customer asked for a person',
  assistant_failed: 'the assistant failed',
  handover: 'another app took the thread',
  assistant: 'the assistant asked for a person',
}

export function pauseInWords({ reason, note }: Pick<Conversation['bot'], 'reason' | 'note'>): string {
  const because = reason === null ? 'paused' : (PAUSED_BECAUSE[reason] ?? plain(reason))
  return note ? `${because} (${note})` : because
}

/** One-line descriptions of messages without text. */
const KINDS: Words = {
  image: 'Picture',
  voice: 'Voice message',
  video: 'Video',
  file: 'File',
  share: 'Shared post',
  sticker: 'Sticker',
  story: 'Story',
  postback: 'Button',
  location: 'Location',
  template: 'Card',
  other: 'Message',
}

export function kindInWords(kind: string): string {
  return KINDS[kind] ?? 'Message'
}

/** The preview line of a conversation in the list. */
export function previewOf({
  type,
  content,
}: {
  readonly type: Message['type']
  readonly content: string | null
}): string {
  const text = content === null || content === '' ? 'Attachment' : content
  const who = whoWrote({ type })
  if (who === 'customer') return text
  return `${who === 'person' ? 'Person' : who === 'bot' ? 'Bot' : 'Automatic'}: ${text}`
}

interface Death {
  readonly why: string
  readonly advice: string
}

const DEATHS: Readonly<Record<string, Death>> = {
  window_closed: {
    why: 'Meta’s time for answering is over.',
    advice: 'Wait until the customer writes again, then send it.',
  },
  thread_not_ours: {
    why: 'Another app has this thread.',
    advice: 'Take the thread back in Meta’s inbox, then send it again.',
  },
  channel_unusable: {
    why: 'The page’s token does not work.',
    advice: 'Put a new token into the settings, then send it again.',
  },
  refused: { why: 'Meta refused it.', advice: 'Look up the code; sending it again unchanged rarely helps.' },
  attempts_exhausted: { why: 'It failed too often.', advice: 'Send it again once Meta is well.' },
  unknown_outcome: {
    why: 'Nobody knows whether it arrived.',
    advice: 'Look into the thread in Meta’s inbox before you send it again.',
  },
}

export function deathOf({ reason }: Pick<DeadLetter, 'reason'>): Death {
  return DEATHS[reason] ?? { why: plain(reason), advice: 'Send it again, or let it go.' }
}

/** The effect on the bot of sending as a person, shown before sending. */
export function whatSendingDoes(isPaused: boolean, pauseSeconds: number | null | undefined): string {
  const length =
    pauseSeconds === undefined
      ? ''
      : pauseSeconds === null
        ? ' until it is handed back'
        : ` for ${spanInWords(pauseSeconds)}`
  return isPaused ? `Keeps the bot silent${length || ' for longer'}.` : `Silences the bot${length}.`
}

type Words = Readonly<Record<string, string>>

/** A value that this version of the page does not know. */
function plain(word: string): string {
  return word.replaceAll('_', ' ')
}
