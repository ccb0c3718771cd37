import type { Channel } from '../conversation/channel.js'
import type { Message } from '../conversation/state/message.js'
import type { Conversation } from '../conversation/state/state.js'
import type { MaybePromise } from './maybe-promise.js'

/** An event for one target, as it will be posted there. */
export interface Notification {
  /** The same for every try: receivers recognise a repeat by it. */
  readonly id: string
  /** The name of the target in the settings. */
  readonly target: string
  readonly at: number
  readonly body: string
}

/**
 * Notifications that are not delivered yet. They are in order for each subject: a conversation, or a channel. A store keeps
 * them within a bound of its own and drops the oldest past it; an erased conversation's are gone.
 */
export interface NotificationQueue {
  /** What comes behind that position; null begins with the oldest. The limit is approximate. */
  read(after: string | null, limit: number): MaybePromise<NotificationPage>
  /** Null where it was removed, dropped or erased. */
  bodyOf(key: string): MaybePromise<string | null>
  remove(keys: readonly string[]): MaybePromise<void>
  /** Whether a channel was last announced as connected; null for never. */
  announced(channelId: string): MaybePromise<boolean | null>
  /** Remembers that, and adds the notifications of it, both or neither. */
  announce(channelId: string, isConnected: boolean, notifications: readonly Notification[]): MaybePromise<void>
  /** Takes or renews the lease on delivering; false while another holder has it. */
  lease(holder: string, lifeMs: number): MaybePromise<boolean>
  /** Gives it up, where that holder has it. */
  endLease(holder: string): MaybePromise<void>
}

export interface NotificationPage {
  readonly notifications: readonly QueuedNotification[]
  /** Where to read on, now or later. */
  readonly next: string
  /** There may be more. */
  readonly isCut: boolean
}

export interface QueuedNotification extends Omit<Notification, 'body'> {
  /** Where the store has it. */
  readonly key: string
  /** A conversation's or a channel's id. */
  readonly subject: string
}

/** Writes what the targets are told of a decision, and hears when it is committed. */
export interface Notifier {
  compose(
    channel: Channel,
    before: Conversation,
    after: Conversation,
    records: readonly Message[],
    now: number,
  ): readonly Notification[]
  committed(): void
}

/**
 * `failed` is one try, and another follows; `dropped` was the last one; `expired` waited too long, `overflowed` was pushed out
 * of a full queue, `missing` was erased with its conversation, and `discarded` was for a target that is switched off.
 */
export type NotificationOutcome =
  | 'delivered'
  | 'failed'
  | 'dropped'
  | 'expired'
  | 'overflowed'
  | 'missing'
  | 'discarded'
