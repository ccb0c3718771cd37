import type { Channel } from '../conversation/channel.js'
import type { Attachment, MessageKind } from '../conversation/state/message.js'

/** Reads a channel's conversations from Meta, which keeps what its webhooks did not bring. */
export interface ConversationReader {
  /** A page of threads, those that changed last first. `after`: the cursor of the page before. Never rejects. */
  threads(channel: Channel, after: string | null): Promise<Reading<ThreadPage>>
  /** The latest messages of a thread, oldest first. Never rejects. */
  messages(channel: Channel, thread: Thread): Promise<Reading<readonly ThreadMessage[]>>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

/** `code` as in a send's outcome. */
export type Reading<T> =
  /** `restMs`: how long Meta wants no further request. */
  | { readonly is: 'read'; readonly value: T; readonly restMs: number }
  /** Nothing is wrong with the channel; `afterMs` where Meta named a time. */
  | { readonly is: 'later'; readonly code: string; readonly afterMs: number }
  /** The token is dead or lacks a permission. */
  | { readonly is: 'refused'; readonly code: string }
  /** This answer is of no use; others may be. */
  | { readonly is: 'unusable'; readonly code: string }

export interface ThreadPage {
  readonly threads: readonly Thread[]
  /** Threads of which it cannot be told who the customer is. */
  readonly odd: number
  /** The cursor of the next page; null after the last. */
  readonly after: string | null
}

export interface Thread {
  /** Meta's id. */
  readonly id: string
  readonly userId: string
  readonly updatedAt: number
}

export interface ThreadMessage {
  readonly mid: string
  /** In whole seconds. */
  readonly at: number
  readonly isOurs: boolean
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly storyMention: boolean
  /** False for content that Meta does not show. */
  readonly supported: boolean
}
