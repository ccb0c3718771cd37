import type { Channel } from '../conversation/channel.js'
import type { Message } from '../conversation/state/message.js'
import type { Conversation } from '../conversation/state/state.js'
import type { MaybePromise } from './maybe-promise.js'

/** An event for one target, with the body to post. */
export interface Notification {
  /** The same for every attempt, so that receivers can recognise a repeat. */
  readonly id: string
  /** The name of the target in the settings. */
  readonly target: string
  readonly at: number
  readonly body: string
}

/**
 * The notifications that are not delivered yet, in order per subject (a conversation or a channel). A store bounds
 * the queue and drops the oldest entries above the bound; erasing a conversation removes its notifications.
 */
export interface NotificationQueue {
  /** Reads entries after that position; null starts with the oldest. The limit is approximate. */
  read(after: string | null, limit: number): MaybePromise<NotificationPage>
  /** The body of an entry; null when it was removed, dropped or erased. */
  bodyOf(key: string): MaybePromise<string | null>
  remove(keys: readonly string[]): MaybePromise<void>
  /** Whether the channel was last announced as connected; null when it was never announced. */
  announced(channelId: string): MaybePromise<boolean | null>
  /** Stores the announced connection state and queues its notifications, both or neither. */
  announce(channelId: string, isConnected: boolean, notifications: readonly Notification[]): MaybePromise<void>
}

export interface NotificationPage {
  readonly notifications: readonly QueuedNotification[]
  /** The position to read on from, now or later. */
  readonly next: string
  /** More entries may follow. */
  readonly isCut: boolean
}

export interface QueuedNotification extends Omit<Notification, 'body'> {
  /** The entry's key in the store. */
  readonly key: string
  /** The id of a conversation or of a channel. */
  readonly subject: string
}

/** Composes the notifications of a decision, and is called when they are committed. */
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
 * `failed`: this attempt failed and another follows. `dropped`: the last attempt failed. `expired`: waited too long.
 * `overflowed`: pushed out of a full queue. `missing`: erased with its conversation. `discarded`: its target is
 * switched off.
 */
export type NotificationOutcome =
  | 'delivered'
  | 'failed'
  | 'dropped'
  | 'expired'
  | 'overflowed'
  | 'missing'
  | 'discarded'
