import type { Channel } from '../conversation/channel.js'
import type { Count } from '../conversation/counts.js'
import type { Decision, Known } from '../conversation/decide.js'
import type { Event } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Notice } from '../conversation/notices.js'
import type { Message } from '../conversation/state/message.js'
import type { Conversation } from '../conversation/state/state.js'
import type { Verdict, VerdictOf } from '../conversation/verdict.js'
import type { MaybePromise } from './maybe-promise.js'
import type { Notification, NotificationOutcome, NotificationQueue } from './notifications.js'

export type * from './notifications.js'

/** What the engine needs of the outside, what it gives to the rooms around it, and the failures that both know. */

export type ErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'invalid_signature'
  | 'invalid_payload'
  | 'payload_too_large'
  | 'wrong_verify_token'
  | 'bad_request'
  | 'invalid_request'
  | 'invalid_conversation_id'
  | 'not_found'
  | 'unknown_channel'
  | 'method_not_allowed'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'idempotency_conflict'
  | 'store_unavailable'
  | 'store_full'
  | 'draining'
  | 'internal_error'

/** An expected failure: its message is for whoever sent the request, and says what to do. */
export class RouterError extends Error {
  readonly code: ErrorCode
  readonly retryAfterMs: number
  constructor(code: ErrorCode, message: string, options: ErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super(message, options)
    this.name = 'RouterError'
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}

/**
 * What a second is for the rate of sends: a little longer, since what leaves at the right moment may arrive a few
 * milliseconds sooner or later than its neighbours.
 */
export const SEND_WINDOW_MS = 1_080

/** Unique over all commits ever: a number would come again after a failover that lost writes. Null: not there yet. */
export type Version = string | number | null

export const NO_NOTIFICATIONS: readonly Notification[] = Object.freeze([])

export interface Store {
  /** The clock that due times, leases and lifetimes are judged by. */
  now(): number
  /** May answer from what this process remembers; the commit finds out whether that was still true. */
  load(id: ConversationId, question: Question): MaybePromise<Loaded>
  /** The same, and true. */
  loadFresh(id: ConversationId, question: Question): MaybePromise<Loaded>
  /** The state as it is, for showing it. */
  read(id: ConversationId): MaybePromise<Conversation | null>
  /** All of the change or nothing of it; `conflict` when what it was based on is no longer so. */
  commit(id: ConversationId, version: Version, change: Change): MaybePromise<'committed' | 'conflict'>
  /** Conversations whose due time has come. Each is given to one caller until the lease is over or a commit moves it. */
  claimDue(limit: number, leaseMs: number): MaybePromise<readonly ConversationId[]>
  /** Gives a claimed conversation to others at once, where there are any. */
  release(id: ConversationId): MaybePromise<void>
  /** When `claimDue` should be asked next; FOREVER where nothing is due. */
  nextDue(): number
  /** Everything about the conversation is gone afterwards, but that its messages were handled. */
  erase(id: ConversationId): MaybePromise<void>
  /** Calls back for each entry of the feed from now on, whichever process committed it, in order for each conversation. */
  listen(listener: FeedListener): MaybePromise<StopListening>
  /** What was fed after that cursor, oldest first: of one conversation, or of all with some of it twice. */
  readFeed(after: string, id: ConversationId | null, limit: number): MaybePromise<FeedPage>
  /** Good once, and not for long. */
  putTicket(ticket: string, lifeMs: number): MaybePromise<void>
  takeTicket(ticket: string): MaybePromise<boolean>
  /** Takes the next free place in the channel's rate, and says when it is; nobody else gets it. */
  takeSlot(channelId: string, perSecond: number, earliest: number): MaybePromise<number>
  history(id: ConversationId, page: HistoryPage): MaybePromise<readonly Message[]>
  list(page: ListPage): MaybePromise<Listing>
  noteChannel(channelId: string, what: ChannelNews, at: number): void
  /** What a send or a probe of the channel met; null where that is over. */
  noteTrouble(channelId: string, trouble: ChannelTrouble | null): void
  channelFacts(channelId: string): MaybePromise<ChannelFacts>
  depth(): MaybePromise<Depth>
  readonly notifications: NotificationQueue
  /** Resolves when the store answers, throws `store_unavailable` when it does not. */
  check(): MaybePromise<void>
  close(): MaybePromise<void>
}

/** What to look up along with a conversation. */
export interface Question {
  /** Was the event with this key handled before? */
  readonly key: string | null
  readonly find: Find | null
}

export type Find =
  /** The message with that id, if the id is known as one of ours. */
  | { readonly is: 'ours'; readonly mid: string }
  /** The message with that id, if the id was handled or is ours, and not too long ago to know. */
  | { readonly is: 'recent'; readonly mid: string }
  /** The message with that id, however old. */
  | { readonly is: 'mid'; readonly mid: string }
  /** Our newest message up to that time. */
  | { readonly is: 'read_up_to'; readonly at: number }

export interface Loaded {
  readonly state: Conversation | null
  readonly version: Version
  readonly known: Known
  /** False where it was not looked up but remembered, or taken for granted. */
  readonly isFresh: boolean
}

export interface Change {
  /** Null leaves it as it is. */
  readonly state: Conversation | null
  /** New messages, and changed ones by their `seq`. */
  readonly records: readonly Message[]
  /** For those who look on: of all records, or nothing at all. */
  readonly notices: readonly Notice[]
  /** Joins the queue of notifications with this commit. */
  readonly notifications: readonly Notification[]
  /** The event's; a conflict when it was handled before. */
  readonly key: string | null
  /** An id that was decided upon as not ours; a conflict when it is. */
  readonly notOurs: string | null
  readonly ownId: string | null
  readonly dueAt: number
  /** Until then the state must not be forgotten, however full or idle. */
  readonly keepUntil: number
  /** How long its messages are kept; 0 keeps none. */
  readonly historyTtlMs: number
}

export interface FeedListener {
  entry(entry: FeedEntry): void
  /** Some entries may have been missed: what is to be complete must be read from the feed. */
  broken(): void
}

export type StopListening = () => void

/** What those who look on are told. */
export interface FeedEntry {
  /** Comes after that of every earlier entry of the conversation, as texts compare. */
  readonly cursor: string
  /** As the decision left it. */
  readonly state: Conversation
  readonly notice: Notice
}

export interface FeedPage {
  readonly entries: readonly FeedEntry[]
  /** What came right after the cursor is not kept any more. */
  readonly isTooOld: boolean
  /** There is more. */
  readonly isCut: boolean
}

/** How many conversations wait for something. */
export interface Depth {
  /** Their time has come, and nobody has taken them up yet. */
  readonly due: number
  /** Their time is still to come: a quiet time, a retry, the end of a pause. */
  readonly later: number
  /** Messages of theirs could not be sent, and nobody has looked after them. */
  readonly withDeadLetters: number
}

export interface HistoryPage {
  /** Messages with a `seq` below. Without either bound: the newest. */
  readonly before: number | null
  /** Messages with a `seq` above, the oldest of them first. */
  readonly after: number | null
  readonly limit: number
  /** What is older is gone. */
  readonly historyTtlMs: number
}

export interface ListPage {
  readonly only: 'paused' | 'on' | 'dead' | null
  readonly limit: number
  readonly cursor: string | null
}

export interface Listing {
  readonly conversations: readonly Conversation[]
  readonly nextCursor: string | null
}

/** `probed`: Meta was asked about the channel's token, and knows it. */
export type ChannelNews = 'inbound' | 'echo' | 'sent' | 'probed'

/** Times are 0 where there was nothing. */
export interface ChannelFacts {
  readonly lastInboundAt: number
  readonly lastEchoAt: number
  readonly lastSentAt: number
  readonly lastProbedAt: number
  readonly trouble: ChannelTrouble | null
}

/** Why no message of a channel gets through. */
export interface ChannelTrouble {
  readonly at: number
  readonly code: string
}

/** Told of every commit of this process. */
export type OnCommit = (state: Conversation, dueAt: number, made: Made) => void

/** What made a state out of the one before. */
export interface Made {
  readonly before: Conversation
  readonly event: Event
  readonly decision: Decision
  readonly now: number
  readonly notifications: readonly Notification[]
}

/** Takes an event in; resolves when what follows from it is recorded. `key` tells the event from every other. */
export type Receive = <E extends Event>(
  id: ConversationId,
  channel: Channel,
  event: E,
  key: string | null,
) => MaybePromise<Received<VerdictOf<E>>>

export interface Received<V = Verdict> {
  readonly verdict: V
  /** As it is after the event. */
  readonly state: Conversation
  /** Nothing was known of this conversation before. */
  readonly isNew: boolean
  /** Messages of the bot that had left already when a person took over. */
  readonly onTheWire: number
}

/** What the rooms need of a logger. */
export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** Counts what happens, for whoever watches over the whole. */
export interface Meter {
  /** An item of a webhook. */
  item(event: string, outcome: 'accepted' | 'duplicate' | 'ignored', reason: string | null): void
  /** What a commit of this process decided. */
  decided(counts: readonly Count[]): void
  run(outcome: string, ms: number): void
  send(outcome: string): void
  liveClients(many: number): void
  /** How much later than it was due a conversation was taken up. */
  woken(lagMs: number): void
  /** What became of a try to deliver a notification, or of the notification without one. */
  notification(outcome: NotificationOutcome): void
}
