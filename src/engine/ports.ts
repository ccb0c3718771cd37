import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Channel, Policy } from '../conversation/channel.js'
import type { Decision, Known } from '../conversation/decide.js'
import type { Event, FeedbackGiven } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Notice } from '../conversation/notices.js'
import type { Message } from '../conversation/state/message.js'
import type { Conversation } from '../conversation/state/state.js'
import type { Verdict, VerdictOf } from '../conversation/verdict.js'
import type { ChannelFacts, ChannelNews, ChannelTrouble } from './channel-facts.js'
import type { FeedListener, FeedPage, FeedPart, StopListening } from './feed.js'
import type { Listing, ListPage } from './list-filter.js'
import type { MaybePromise } from './maybe-promise.js'
import type { Notification, NotificationQueue } from './notifications.js'
import type { SealedTokens } from './sealed-tokens.js'

export type * from './channel-facts.js'
export type * from './feed.js'
export type { Meter } from './meter.js'
export type * from './notifications.js'
export { type ErrorCode, RouterError } from './router-error.js'
export type * from './sealed-tokens.js'
export type * from './shared-counters.js'

/** The engine's ports: the store, log and meter that it needs, what it offers to the other rooms, and the errors that all of them know. */

export type { Listed, ListFilter, Listing, ListPage } from './list-filter.js'

/** The window of the send rate. Longer than a second, since two sends a second apart may arrive a few milliseconds closer. */
export const SEND_WINDOW_MS = 1_080

/** Unique over all commits ever: a counter would repeat itself after a failover that lost writes. Null: no state is stored yet. */
export type Version = string | number | null

export const NO_NOTIFICATIONS: readonly Notification[] = Object.freeze([])

/** Who goes on with what a stopping process leaves in the store: other processes, the next one on it, or nobody. */
export type Heirs = 'others' | 'next_start' | 'nobody'

export interface Store {
  /** The store's clock, by which due times, leases and lifetimes are judged. */
  now(): number
  /** May answer from this process's cache: a stale answer becomes a conflict at the commit. */
  load(id: ConversationId, question: Question): MaybePromise<Loaded>
  /** Reads the store, never this process's cache. */
  loadFresh(id: ConversationId, question: Question): MaybePromise<Loaded>
  /** The stored state, for showing it. */
  read(id: ConversationId): MaybePromise<Conversation | null>
  /** Writes all of the change or nothing; `conflict` when the version or what the store knows of the event has changed. */
  commit(id: ConversationId, version: Version, change: Change): MaybePromise<'committed' | 'conflict'>
  /** Conversations whose due time has come. Each goes to one caller, until its lease ends or a commit changes its due time. */
  claimDue(limit: number, leaseMs: number): MaybePromise<readonly ConversationId[]>
  /** Ends the lease of a claimed conversation, so that another process may claim it at once. */
  release(id: ConversationId): MaybePromise<void>
  /** When `claimDue` should be called next; FOREVER where nothing is due. */
  nextDue(): number
  /** Deletes everything about the conversation, except the hashes that tell a redelivery of its messages. */
  erase(id: ConversationId): MaybePromise<void>
  /** Subscribes to the feed: entries of every process from now on, in order within a conversation. */
  listen(listener: FeedListener): MaybePromise<StopListening>
  /** Entries after the cursor, oldest first. With a null id those of all conversations, of which some may repeat. */
  readFeed(after: string, id: ConversationId | null, limit: number): MaybePromise<FeedPage>
  /** Entries of all conversations before the cursor, or the last ones with a null cursor, newest first. */
  readFeedBack(before: string | null, limit: number): MaybePromise<FeedPart>
  /** A ticket is accepted once, within its life. `key` names the token that it was given to. */
  putTicket(ticket: string, key: string, lifeMs: number): MaybePromise<void>
  /** The ticket's key, null where the ticket is unknown, used or too old. */
  takeTicket(ticket: string): MaybePromise<string | null>
  /** Reserves the next free slot of the channel's send rate over all processes, and answers its time. */
  takeSlot(channelId: string, perSecond: number, earliest: number): MaybePromise<number>
  history(id: ConversationId, page: HistoryPage): MaybePromise<readonly Message[]>
  list(page: ListPage): MaybePromise<Listing>
  noteChannel(channelId: string, what: ChannelNews, at: number): void
  /** Records why the channel's sends fail; null once they work again. */
  noteTrouble(channelId: string, trouble: ChannelTrouble | null): void
  channelFacts(channelId: string): MaybePromise<ChannelFacts>
  depth(): MaybePromise<Depth>
  readonly leases: Leases
  readonly notifications: NotificationQueue
  readonly tokens: SealedTokens
  /** Resolves when the store answers, throws `store_unavailable` when it does not. */
  check(): MaybePromise<void>
  close(): MaybePromise<void>
}

/** Leases by name, on work that only one process at a time may do. */
export interface Leases {
  /** Takes or renews the lease; false while another holder has it. */
  take(name: string, holder: string, lifeMs: number): MaybePromise<boolean>
  /** Ends the lease if that holder has it. */
  end(name: string, holder: string): MaybePromise<void>
}

/** What to look up together with a conversation. */
export interface Question {
  /** The event's key, to learn whether it was handled before. */
  readonly key: string | null
  readonly find: Find | null
}

export type Find =
  /** The message with this id, if the id belongs to a message of ours. */
  | { readonly is: 'ours'; readonly mid: string }
  /** The message with this id, if the id was handled or is ours within the memory of seen ids (48 h). */
  | { readonly is: 'recent'; readonly mid: string }
  /** The message with this id, as far back as the history goes. */
  | { readonly is: 'mid'; readonly mid: string }
  /** The message with this number. */
  | { readonly is: 'seq'; readonly seq: number }
  /** Our newest message up to this time that has left, or may have: see `isReadable`. */
  | { readonly is: 'read_up_to'; readonly at: number }

export interface Loaded {
  readonly state: Conversation | null
  readonly version: Version
  readonly known: Known
  /** False where it comes from this process's cache. */
  readonly isFresh: boolean
}

export interface Change {
  /** Null leaves the stored state as it is. */
  readonly state: Conversation | null
  /** New messages, and changed ones, which replace the one with their `seq`. */
  readonly records: readonly Message[]
  /** Events for WebSocket clients: one for each record, or none at all. */
  readonly notices: readonly Notice[]
  /** Joins the queue of notifications with this commit. */
  readonly notifications: readonly Notification[]
  /** The event's key: the commit is a conflict when it was handled before, and remembers it otherwise. */
  readonly key: string | null
  /** A message id that the decision took for somebody else's: a conflict when it has become one of ours. */
  readonly notOurs: string | null
  readonly ownId: string | null
  readonly dueAt: number
  /** Until then the store must keep the state, however full it is and however long the conversation is silent. */
  readonly keepUntil: number
  /** How long messages stay in the history; 0 keeps none. */
  readonly historyTtlMs: number
}

/** How many conversations wait, for the metrics. */
export interface Depth {
  /** Their due time has passed, and no process has claimed them yet. */
  readonly due: number
  /** Their due time is ahead: a debounce, a retry, the end of a pause. */
  readonly later: number
  /** They have dead letters. */
  readonly withDeadLetters: number
}

export interface HistoryPage {
  /** Messages with a `seq` below. Without either bound: the newest. */
  readonly before: number | null
  /** Messages with a `seq` above, the oldest of them first. */
  readonly after: number | null
  readonly limit: number
  /** Older messages are left out. */
  readonly historyTtlMs: number
}

/** Called after each commit of this process. */
export type OnCommit = (state: Conversation, dueAt: number, made: Made) => void

/** The decision behind a commit, and what it was made of. */
export interface Made {
  readonly before: Conversation
  readonly event: Event
  readonly decision: Decision
  readonly policy: Policy
  readonly now: number
  readonly notifications: readonly Notification[]
}

/**
 * Decides an event and commits it; resolves after the commit. `key` identifies the event, so that a redelivery has no
 * effect.
 */
export type Receive = <E extends Event>(
  id: ConversationId,
  channel: Channel,
  event: E,
  key: string | null,
) => MaybePromise<Received<VerdictOf<E>>>

export interface Received<V = Verdict> {
  readonly verdict: V
  /** The state after the event. */
  readonly state: Conversation
  /** The event is the first of its conversation. */
  readonly isNew: boolean
  /** The decision may be carried out until this time of the store's clock; after it, decide again. */
  readonly freshUntil: number
  /** The number of bot messages that had already been sent when a person took over. */
  readonly onTheWire: number
}

/**
 * Stores an operator's feedback on a message, and passes it on to Dify if Dify wrote the message. Null when there is
 * no such message of ours.
 */
export type GiveFeedback = (
  id: ConversationId,
  channel: Channel,
  given: Omit<FeedbackGiven, 'is'>,
) => Promise<{ readonly state: Conversation; readonly message: Message } | null>

/** The logger's methods that the rooms use. */
export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** Reads a request's whole body, up to `most` bytes; calls `done` once. */
export type ReadBody = (
  request: IncomingMessage,
  most: number,
  done: (error: Error | null, body: Buffer) => void,
) => void

/** Answers a request with success, or leaves it without a response and passes on the error; calls `done` once. */
export type DirectAnswer = (
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  done: (error: Error | null) => void,
) => void
