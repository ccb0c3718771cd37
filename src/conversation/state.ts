import type { ConversationId } from './ids.js'
import type { Message } from './message.js'

/**
 * Everything the router must know about one conversation to decide about its next event. Every list has a cap.
 * Times are milliseconds of the store's clock; 0 stands for "never" (a small integer costs no memory of its own).
 */
export interface Conversation {
  readonly id: ConversationId
  readonly createdAt: number
  readonly lastMessageAt: number
  /** The `seq` of the newest message. */
  readonly seq: number
  readonly closedAt: number
  /** When the bot was last given the conversation back. */
  readonly resumedAt: number
  /** The customer's last item that Meta may answer by itself. */
  readonly promptAt: number
  readonly causes: readonly Cause[]
  readonly flags: readonly Flag[]
  /** When flags were used, for the further parts of the same answer. */
  readonly flagUses: readonly number[]
  /** Messages of ours whose echo is still to come. */
  readonly sent: readonly SentMessage[]
  /** Echoes of the last moments that nobody claimed yet. */
  readonly unclaimed: readonly DatedMessage[]
  /** Customer's messages to be asked, oldest first. */
  readonly waiting: readonly Message[]
  /** What a pause kept from being asked, for the case that the pause proves wrong. */
  readonly setAside: readonly DatedMessage[]
  /** Texts asked since we last sent something. */
  readonly asked: readonly AskedText[]
}

/** One reason for the bot to be silent. The latest end wins; a cause that proves wrong is taken out. */
export interface Cause {
  readonly until: number
  readonly reason: PauseReason
  readonly at: number
  /** The message that it came from, 0 for none. */
  readonly seq: number
  readonly note: string | null
}

export type PauseReason =
  | 'human_echo'
  | 'support_message'
  | 'api'
  | 'customer_request'
  | 'assistant_failed'
  | 'handover'

/** An expected echo that any text fits, or only `text`. A used one stays a while to recognise a retry of its mark. */
export interface Flag {
  readonly at: number
  readonly until: number
  readonly left: number
  readonly text: string | null
  readonly idempotencyKey: string | null
  /** The mark's other parameters, to tell a retry from another mark. */
  readonly parameters: string
}

/** An expected echo known by id, by text or by kind. */
export interface SentMessage {
  readonly message: Message
  readonly until: number
}

/** `at` is when it came here, whatever time the message itself bears. */
export interface DatedMessage {
  readonly message: Message
  readonly at: number
}

export interface AskedText {
  readonly text: string
  readonly at: number
}

const NONE: readonly never[] = Object.freeze([])

export function newConversation(id: ConversationId, now: number): Conversation {
  return {
    id,
    createdAt: now,
    lastMessageAt: 0,
    seq: 0,
    closedAt: 0,
    resumedAt: 0,
    promptAt: 0,
    causes: NONE,
    flags: NONE,
    flagUses: NONE,
    sent: NONE,
    unclaimed: NONE,
    waiting: NONE,
    setAside: NONE,
    asked: NONE,
  }
}

/** The list with one more, and without its oldest where it may hold no more. */
export function added<T>(list: readonly T[], item: T, cap: number): readonly T[] {
  // Spread into a literal, even a list of one reserves seventeen places.
  return (list.length < cap ? list : list.slice(list.length - cap + 1)).concat([item])
}

/** Shares one empty list: a million idle conversations hold nothing but references to it. */
export function kept<T>(list: readonly T[], stays: (item: T) => boolean): readonly T[] {
  if (list.length === 0 || list.every(stays)) return list
  const left = list.filter(stays)
  return left.length === 0 ? NONE : left
}

export function isPaused(state: Conversation): boolean {
  return state.causes.length > 0
}

/** Nobody said anything, and nobody decided anything: a mark for a customer who was never seen leaves no more. */
export function isSilent(state: Conversation): boolean {
  return state.seq === 0 && state.closedAt === 0 && state.causes.length === 0
}

export function isListed(state: Conversation): boolean {
  return !isSilent(state)
}
