import type { Answer } from './answer/answer.js'
import type { Attachment, DeadBecause, Feedback, MessageKind } from './state/message.js'
import type { RunNames } from './state/state.js'

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

/** What an item of a webhook can be. */
export type WebhookEvent = CustomerMessage | Echo | Edit | Deletion | ReactionChange | Read | Signal | Handover

/** Times in `at` are Meta's own and 0 where Meta gave none that makes sense. */
export interface CustomerMessage {
  readonly is: 'message'
  readonly mid: string | null
  readonly at: number
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly payload: string | null
  readonly replyTo: string | null
  /** Came with a referral or a button's payload: Meta may answer it by itself within moments. */
  readonly prompt: boolean
  /** Came with the referral of an ad, which opens Meta's window for longer than a message does. */
  readonly fromAd: boolean
  /** False for content that Meta itself could not show us. */
  readonly supported: boolean
  readonly standby: boolean
  readonly traceparent: string | null
}

export interface Echo {
  readonly is: 'echo'
  readonly mid: string | null
  readonly at: number
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly payload: string | null
  readonly replyTo: string | null
  readonly appId: string | null
  readonly metadata: string | null
  readonly storyMention: boolean
}

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
  /** Null takes the reaction back. */
  readonly emoji: string | null
}

export interface Read {
  readonly is: 'read'
  /** Null where everything up to `at` was read. */
  readonly mid: string | null
  readonly at: number
}

/** Something that is known and noted, but changes no message. */
export interface Signal {
  readonly is: 'signal'
  readonly at: number
  /** See CustomerMessage.prompt: a referral may come as an item of its own. */
  readonly prompt: boolean
  readonly fromAd: boolean
}

/** Dify is about to answer. */
export interface Mark {
  readonly is: 'mark'
  /** How many echoes it announces; 0 withdraws every flag, null is one and not said. */
  readonly count: number | null
  readonly ttlMs: number | null
  readonly text: string | null
  readonly onlyIfOn: boolean
  readonly idempotencyKey: string | null
}

/** Another program says that it sent this. */
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
  /** How long it stays off; FOREVER = until somebody resumes it. Without meaning when `enabled`. */
  readonly forMs: number
  readonly note: string | null
}

export interface StateSwitch {
  readonly is: 'state'
  readonly open: boolean
}

/** A time that the conversation waited for has come. */
export interface Wake {
  readonly is: 'wake'
  /** For the run that may begin now. */
  readonly runId: string
  /** When the assistant can take a question; not later than now where it can. */
  readonly assistantFreeAt: number
  /** That is because it does not work, and not because it has enough to do. */
  readonly isAssistantDown: boolean
}

/** The channel's rate has a place for the first part in the queue. */
export interface Send {
  readonly is: 'send'
  /** Unlike that of any other such event: tells a process that got no answer to its commit that the part is its own to send. */
  readonly claim: string
  readonly slotAt: number
}

export interface SendResult {
  readonly is: 'send_result'
  readonly seq: number
  readonly attempt: number
  readonly end:
    | { readonly is: 'sent'; readonly mid: string | null }
    | { readonly is: 'later'; readonly afterMs: number }
    | { readonly is: 'dead'; readonly reason: DeadBecause; readonly code: string }
    /** The attachment or the quick replies were refused; the rest may be taken. */
    | { readonly is: 'form_refused'; readonly code: string }
    | { readonly is: 'unknown' }
    /** No request was made: the decision was too old. */
    | { readonly is: 'stale' }
  /** From 0 to 1, so that what failed together does not come again together. */
  readonly random: number
}

/** The process that has the run is alive. */
export interface RunBeat {
  readonly is: 'run_beat'
  readonly runId: string
  readonly names: RunNames
  /** All texts that the run has streamed so far, null where it said nothing new. */
  readonly said: readonly string[] | null
}

export interface RunEnd {
  readonly is: 'run_end'
  readonly runId: string
  readonly end:
    | { readonly is: 'answer'; readonly answer: Answer; readonly conversationId: string | null }
    /** The assistant asks for a person. */
    | { readonly is: 'handoff'; readonly conversationId: string | null }
    | { readonly is: 'not_started'; readonly isWorthRetry: boolean; readonly retryAfterMs: number }
    | { readonly is: 'failed'; readonly isWorthRetry: boolean }
    | { readonly is: 'unknown'; readonly code: string }
  /** All texts that the run streamed or returned. */
  readonly said: readonly string[]
  /** See SendResult. */
  readonly random: number
}

/** Somebody has us send this. */
export interface OutgoingMessage {
  readonly is: 'outgoing'
  readonly type: 'AI' | 'support' | 'marketing'
  readonly answer: Answer
  readonly source: string
  readonly tag: string | null
  /** Null where the caller does not care about repeats. */
  readonly key: string | null
  /** What the key stands for. */
  readonly body: string
}

export interface DeadLetterOrder {
  readonly is: 'redrive' | 'discard'
  readonly seq: number
}

/** Another app took the thread or was given it, or we were. */
export interface Handover {
  readonly is: 'handover'
  readonly at: number
  readonly how: 'passed' | 'taken'
  /** An app's id, null where Meta does not say. */
  readonly newOwner: string | null
}

/** What Meta tells of the customer; null where it does not. */
export interface ProfileFound {
  readonly is: 'profile'
  readonly found: {
    readonly name: string | null
    readonly username: string | null
    readonly picture: string | null
  } | null
}

/** A voice message of the customer was heard. */
export interface Transcribed {
  readonly is: 'transcribed'
  readonly seq: number
  readonly text: string
}

/** A person says what they think of a message of ours; null takes that back. */
export interface FeedbackGiven {
  readonly is: 'feedback'
  readonly seq: number
  readonly rating: Feedback['rating'] | null
  readonly comment: string | null
}
