import type { ConversationId } from '../ids.js'
import { base36 } from '../text/base36.js'
import { unreachable } from '../text/unreachable.js'

/**
 * A message in a conversation's history. Most messages have nothing in the two groups at the end and share one empty
 * group each: a process keeps millions of messages.
 */
export interface Message {
  /** 1, 2, 3 … within the conversation, without gaps. */
  readonly seq: number
  /** When it was said, by Meta's clock if Meta gives a time. */
  readonly at: number
  /** When it arrived here. */
  readonly arrivedAt: number
  readonly type: MessageType
  readonly kind: MessageKind
  /** Meta's id, once known. */
  readonly mid: string | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly status: MessageStatus
  readonly origin: Origin
  readonly outcome: Outcome
}

/** Where a message comes from, and how that is known. */
export interface Origin {
  readonly evidence: Evidence | null
  /**
   * The name that the sending program gave itself, `api` without one; `backfill`; null for messages that Meta's webhooks
   * brought.
   */
  readonly source: string | null
  /** Sent by a program, through the router or reported to it, as opposed to typed in one of Meta's apps. */
  readonly fromApp: boolean
  /** Dify's id of the answer that it is a part of; null when Dify made none or gives no id. */
  readonly answerId: string | null
  /** The payload of the button that the customer pressed. */
  readonly payload: string | null
  readonly replyTo: string | null
  /** The trace of the webhook that brought it. */
  readonly traceparent: string | null
}

/** What became of a message. */
export interface Outcome {
  /** Why it has its status. */
  readonly reason: Reason | null
  /**
   * It was processed, but its answer was not sent: that waits, was given up or cancelled, or has an unknown outcome.
   */
  readonly answerUnsent: boolean
  /** The `seq` of the shared post that it was asked together with; 0 for none. */
  readonly shareSeq: number
  /** The text of a voice message, null where it was not transcribed. */
  readonly transcription: string | null
  readonly reactions: readonly Reaction[]
  /** 0 for "not yet" in these three. */
  readonly readAt: number
  readonly editedAt: number
  readonly deletedAt: number
  /** A person's feedback; null for none. */
  readonly feedback: Feedback | null
}

export type MessageType = 'customer' | 'support' | 'AI' | 'marketing' | 'automation'
export type Author = 'customer' | 'human' | 'bot' | 'automation'

export type MessageKind =
  | 'text'
  | 'image'
  | 'voice'
  | 'video'
  | 'file'
  | 'share'
  | 'sticker'
  | 'story'
  | 'postback'
  | 'location'
  | 'template'
  | 'other'

export type MessageStatus =
  | 'received'
  | 'processed'
  | 'skipped'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'cancelled'
  | 'failed'
  | 'unknown'

/**
 * Why a webhook's item had no effect, why a customer's message is not asked, or why a message of ours was not
 * delivered.
 */
export type Reason =
  | 'unknown_channel'
  | 'invalid_id'
  | 'companion_edit'
  | 'own_message'
  | 'too_many'
  | 'standby'
  | 'bot_off'
  | 'not_a_tester'
  | 'conversation_closed'
  | 'bot_paused'
  | 'customer_request'
  | 'closed_hours'
  | 'no_assistant'
  | 'unsupported'
  | 'repeated_text'
  | 'answered'
  | 'share_held'
  | 'share_expired'
  | 'share_replaced'
  | 'assistant_failed'
  | DeadBecause

/** Why a message of ours was given up. */
export type DeadBecause =
  | 'window_closed'
  | 'thread_not_ours'
  | 'channel_unusable'
  | 'refused'
  | 'attempts_exhausted'
  | 'unknown_outcome'

/** The evidence of an echo's author. */
export type Evidence =
  | 'message_id'
  | 'metadata'
  | 'text'
  | 'flag'
  | 'flag_tail'
  | 'app_id'
  | 'story'
  | 'auto_reply'
  | 'none'
  /** Attributed by a flag, until another message proved to be the flag's. */
  | 'displaced'

export interface Attachment {
  readonly kind: MessageKind
  readonly url: string | null
  readonly title: string | null
}

export interface Reaction {
  readonly by: 'customer' | 'page'
  readonly emoji: string
}

export interface Feedback {
  readonly rating: 'positive' | 'negative'
  readonly comment: string | null
  readonly at: number
}

/** The source of the router's own messages: the assistant's answers and notices. */
export const OWN_SOURCE = 'router'
/** The source of messages that were read from Meta's conversations, since their webhooks never came. */
export const BACKFILL_SOURCE = 'backfill'
/** The source of messages sent or reported by a program that gives no name. */
export const UNNAMED_SOURCE = 'api'

export const NO_ATTACHMENTS: readonly Attachment[] = Object.freeze([])
export const NO_REACTIONS: readonly Reaction[] = Object.freeze([])
/** Not frozen, since they would then have another hidden class than the groups that are not empty. */
export const NO_ORIGIN: Origin = {
  evidence: null,
  source: null,
  fromApp: false,
  answerId: null,
  payload: null,
  replyTo: null,
  traceparent: null,
}
export const NO_OUTCOME: Outcome = {
  reason: null,
  answerUnsent: false,
  shareSeq: 0,
  transcription: null,
  reactions: NO_REACTIONS,
  readAt: 0,
  editedAt: 0,
  deletedAt: 0,
  feedback: null,
}

export function authorOf(type: MessageType): Author {
  switch (type) {
    case 'customer':
      return 'customer'
    case 'support':
      return 'human'
    case 'AI':
    case 'marketing':
      return 'bot'
    case 'automation':
      return 'automation'
    default:
      return unreachable(type)
  }
}

/** Whether the customer can have read it by then: a message of ours that has left, or may have. */
export function isReadable({ type, status, at }: Message, by: number): boolean {
  return type !== 'customer' && at <= by && !NOT_LEFT.has(status)
}

export const NOT_LEFT: ReadonlySet<MessageStatus> = new Set(['queued', 'cancelled', 'failed'])

/**
 * Unique over all conversations, also after an erasure, and contains the conversation's id, so that no index from ids
 * to conversations is needed.
 */
export function messageId(id: ConversationId, createdAt: number, seq: number): string {
  return `${id}-${base36(createdAt)}-${seq}`
}
