import type { Answer } from './answer/answer.js'
import type { CustomerMessage, Echo } from './said.js'
import type { Attachment, DeadBecause, Feedback, MessageKind, MessageType } from './state/message.js'
import type { RunNames } from './state/state.js'

export type { CustomerMessage, Echo }

/** Everything that can happen to a conversation. */
export type Event =
  | CustomerMessage
  | Echo
  | Edit
  | Deletion
  | ReactionChange
  | Read
  | Signal
  | Mark
  | Reported
  | BotSwitch
  | StateSwitch
  | Wake
  | Send
  | SendResult
  | RunBeat
  | RunEnd
  | OutgoingMessage
  | DeadLetterOrder
  | Handover
  | ProfileFound
  | FeedbackGiven
  | Transcribed

/** What an item of a webhook can become. */
export type WebhookEvent = CustomerMessage | Echo | Edit | Deletion | ReactionChange | Read | Signal | Handover

export interface Edit {
  readonly is: 'edit'
  readonly mid: string
  readonly at: number
  readonly text: string | null
}

export interface Deletion {
  readonly is: 'delete'
  readonly mid: string
  readonly at: number
}

export interface ReactionChange {
  readonly is: 'reaction'
  readonly mid: string
  readonly at: number
  readonly by: 'customer' | 'page'
  /** Null removes the reaction. */
  readonly emoji: string | null
}

export interface Read {
  readonly is: 'read'
  /** Null when everything up to `at` was read. */
  readonly mid: string | null
  readonly at: number
}

/** An item that is noted but changes no message. */
export interface Signal {
  readonly is: 'signal'
  readonly at: number
  /** See CustomerMessage.prompt: a referral may come as an item of its own. */
  readonly prompt: boolean
  readonly fromAd: boolean
}

/** Dify announces that it is about to answer. */
export interface Mark {
  readonly is: 'mark'
  /** The number of announced echoes; 0 withdraws all flags; null means one, not stated by the caller. */
  readonly count: number | null
  readonly ttlMs: number | null
  readonly text: string | null
  readonly onlyIfOn: boolean
  readonly idempotencyKey: string | null
}

/** Another program reports that it sent this message. */
export interface Reported {
  readonly is: 'reported'
  readonly type: 'AI' | 'support' | 'marketing'
  readonly mid: string | null
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly source: string
}

export interface BotSwitch {
  readonly is: 'bot'
  readonly enabled: boolean
  /** How long the bot stays off; FOREVER until somebody resumes it. Unused when `enabled`. */
  readonly forMs: number
  readonly note: string | null
}

export interface StateSwitch {
  readonly is: 'state'
  readonly open: boolean
}

/** The due time of the conversation has come. */
export interface Wake {
  readonly is: 'wake'
  /** The id of the run that may start now. */
  readonly runId: string
  /** When the assistant can take a question; now or earlier means at once. */
  readonly assistantFreeAt: number
  /** The assistant is down, as opposed to busy. */
  readonly isAssistantDown: boolean
}

/** The channel's rate has a slot for the first part in the queue. */
export interface Send {
  readonly is: 'send'
  /** Unique to this event: a process whose commit failed without an answer sees by it that the part is its own to send. */
  readonly claim: string
  readonly slotAt: number
}

export interface SendResult {
  readonly is: 'send_result'
  /** Of the conversation that the message was sent in: it may have been erased since, and its numbers given out anew. */
  readonly createdAt: number
  readonly type: MessageType
  readonly seq: number
  readonly attempt: number
  readonly end:
    | { readonly is: 'sent'; readonly mid: string | null }
    | { readonly is: 'later'; readonly code: string; readonly afterMs: number }
    | { readonly is: 'dead'; readonly reason: DeadBecause; readonly code: string }
    /** The attachment or the quick replies were refused; the rest may be accepted. */
    | { readonly is: 'form_refused'; readonly code: string }
    | { readonly is: 'unknown' }
    /** No request was made: the decision was too old. */
    | { readonly is: 'stale' }
  /** From 0 to 1: jitter for the retry. */
  readonly random: number
}

/** The heartbeat of the process that has the run. */
export interface RunBeat {
  readonly is: 'run_beat'
  readonly runId: string
  readonly names: RunNames
  /** All texts that the run has streamed so far; null when there are no new ones. */
  readonly said: readonly string[] | null
}

export interface RunEnd {
  readonly is: 'run_end'
  readonly runId: string
  readonly end:
    | { readonly is: 'answer'; readonly answer: Answer; readonly conversationId: string | null }
    /** The assistant hands the conversation to a person. */
    | { readonly is: 'handoff'; readonly conversationId: string | null }
    | { readonly is: 'not_started'; readonly isWorthRetry: boolean; readonly retryAfterMs: number }
    | { readonly is: 'failed'; readonly isWorthRetry: boolean }
    | { readonly is: 'unknown'; readonly code: string }
  /** All texts that the run streamed or returned. */
  readonly said: readonly string[]
  /** See SendResult. */
  readonly random: number
}

/** A caller of the API sends a message through the router. */
export interface OutgoingMessage {
  readonly is: 'outgoing'
  readonly type: 'AI' | 'support' | 'marketing'
  readonly answer: Answer
  readonly source: string
  readonly tag: string | null
  /** Null when the caller does not want repeats detected. */
  readonly key: string | null
  /** The digest of what the key was used for. */
  readonly body: string
}

export interface DeadLetterOrder {
  readonly is: 'redrive' | 'discard'
  readonly seq: number
}

/** The thread was passed to or taken by an app, ours or another. */
export interface Handover {
  readonly is: 'handover'
  readonly at: number
  readonly how: 'passed' | 'taken'
  /** An app id; null when Meta gives none. */
  readonly newOwner: string | null
}

/** The customer's profile; null when Meta provides none. */
export interface ProfileFound {
  readonly is: 'profile'
  readonly found: Readonly<Record<'name' | 'username' | 'picture', string | null>> | null
}

/** A voice message of the customer was heard. */
export interface Transcribed {
  readonly is: 'transcribed'
  readonly seq: number
  readonly text: string
}

/** A person's feedback on a message of ours; null removes it. */
export interface FeedbackGiven {
  readonly is: 'feedback'
  readonly seq: number
  readonly rating: Feedback['rating'] | null
  readonly comment: string | null
}
