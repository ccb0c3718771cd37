import type { Attachment, MessageKind } from './message.js'

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
  /** False for content that Meta itself could not show us. */
  readonly supported: boolean
  readonly standby: boolean
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
}

/** Dify is about to answer. */
export interface Mark {
  readonly is: 'mark'
  /** 0 withdraws every flag. */
  readonly count: number
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
  readonly source: string | null
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
}
