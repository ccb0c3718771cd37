import type { ConversationId } from '../ids.js'
import { unreachable } from '../text/unreachable.js'

/** One message in a conversation's history. All keys are always there, so that the engine sees one shape. */
export interface Message {
  /** Counts 1, 2, 3 … within the conversation, without gaps. */
  readonly seq: number
  /** When it was said, by Meta's clock where Meta tells. */
  readonly at: number
  /** When we heard of it. */
  readonly arrivedAt: number
  readonly type: MessageType
  readonly kind: MessageKind
  /** Meta's id, once known. */
  readonly mid: string | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  /** What a voice message says, null where nobody heard it for us. */
  readonly transcription: string | null
  /** What stands behind a button that the customer pressed. */
  readonly payload: string | null
  readonly status: MessageStatus
  readonly reason: Reason | null
  readonly evidence: Evidence | null
  /** The word that the sending program gave itself, `api` where it gave none; null for what came from Meta alone. */
  readonly source: string | null
  /** A program sent it, through us or reported to us; nobody typed it in Meta's apps. */
  readonly fromApp: boolean
  readonly replyTo: string | null
  /** The `seq` of the shared post that it was asked together with, 0 for none. */
  readonly shareSeq: number
  readonly reactions: readonly Reaction[]
  /** Zero stands for "not yet" in these three. */
  readonly readAt: number
  readonly editedAt: number
  readonly deletedAt: number
  /** What a person thought of it, null for nothing. */
  readonly feedback: Feedback | null
  /** What Dify calls the answer that it is a part of, null where Dify made none or does not name it. */
  readonly answerId: string | null
  /** It is processed, and its answer has not left: that waits, was given up or cancelled, or nobody knows. */
  readonly answerUnsent: boolean
  /** The trace that the webhook which brought it belongs to. */
  readonly traceparent: string | null
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

/** Why a webhook's item had no effect, why a customer's message is not asked, or why ours did not arrive. */
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

/** How we know who wrote an echo. */
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
  /** A flag had vouched for it, which proved to be that of another message. */
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

/** The source of what the router sends by itself: the assistant's answers and its own notices. */
export const OWN_SOURCE = 'router'
/** The source of what a program sends or reports without naming itself. */
export const UNNAMED_SOURCE = 'api'

export const NO_ATTACHMENTS: readonly Attachment[] = Object.freeze([])
export const NO_REACTIONS: readonly Reaction[] = Object.freeze([])

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

/**
 * Unique over all conversations, also after one was deleted and began anew, and it names its conversation:
 * nobody has to store or look up which id belongs where.
 */
export function messageId(id: ConversationId, createdAt: number, seq: number): string {
  return `${id}-${createdAt.toString(36)}-${seq}`
}
