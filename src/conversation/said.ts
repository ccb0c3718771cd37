import type { Attachment, MessageKind } from './state/message.js'

/** What was said in Meta's apps: a customer's message, and the echo of a message of our side. */

/**
 * `backfill`: its webhook never came, and it was read from Meta's conversations later. Such a message is judged by its
 * own time, however old it is.
 */
export type Via = 'webhook' | 'backfill'

/** `at` is Meta's time; 0 when Meta gave none or an implausible one. */
export interface CustomerMessage {
  readonly is: 'message'
  readonly mid: string | null
  readonly at: number
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly payload: string | null
  readonly replyTo: string | null
  /** Came with a referral or a button's payload, to which Meta may send an instant reply within moments. */
  readonly prompt: boolean
  /** Came with an ad's referral, which opens Meta's window for longer than a message does. */
  readonly fromAd: boolean
  /** False for content that Meta does not deliver. */
  readonly supported: boolean
  readonly standby: boolean
  readonly traceparent: string | null
  readonly via: Via
  /** Somebody on our side has written since; only known of a backfill. */
  readonly isAnswered: boolean
  /** The account wrote it to itself. What it sends to itself through us comes back the same way. */
  readonly isSelf: boolean
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
  readonly via: Via
}
