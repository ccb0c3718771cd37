import type { ConversationId } from '../ids.js'
import type { Intro } from './intro.js'
import type { Message } from './message.js'
import { NO_OUTBOX, type Outbox } from './outbox-state.js'
import type { FlagUse, SpokenRun } from './spoken-run.js'

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
  /** The customer's last word: Meta's window for answers counts from it. */
  readonly customerAt: number
  /** Until then Meta's window may be open for another reason: an ad, a referral, a reaction. */
  readonly windowUntil: number
  readonly causes: readonly Cause[]
  readonly flags: readonly Flag[]
  /** Runs of an assistant that sends by itself, oldest first, until their last echo can have come. */
  readonly spoken: readonly SpokenRun[]
  /** Echoes that a flag vouched for: their further parts are the bot's too, and some may prove to be a person's. */
  readonly flagUses: readonly FlagUse[]
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
  readonly asking: Asking
  readonly intro: Intro
  readonly outbox: Outbox
  readonly profile: Profile
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
  | 'assistant'

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

/** How far the assistant is with what waits. */
export interface Asking {
  readonly run: Run | null
  /** How often what waits has been asked in vain. */
  readonly attempts: number
  /** Nothing is asked before that: the cooldown after an answer, or the wait before another try. */
  readonly restUntil: number
  /** Since when what waits could have been asked of an assistant that works, 0 for not yet. */
  readonly heldSince: number
  /** What the assistant calls this conversation. */
  readonly assistantId: string | null
  /** A shared post that waits for its question. */
  readonly share: HeldShare | null
  /** Which closed stretch of the shop's hours the customer was told of, by its beginning; 0 for none. */
  readonly awayFor: number
  /** The last message that the assistant has answered, by its `seq`; what was said later it has not heard. */
  readonly answeredUpTo: number
  /** Until then a run may still make its marks that was cut off before its end; 0 for none. */
  readonly cutOffUntil: number
}

export interface HeldShare {
  readonly message: Message
  readonly until: number
}

/** Who the customer is, as far as Meta tells. */
export interface Profile {
  readonly name: string | null
  readonly username: string | null
  readonly picture: string | null
  /** When it was asked for, 0 for never. */
  readonly at: number
  readonly isKnown: boolean
}

/** A call of the assistant under way. Each attempt has an id of its own: an answer to another one is refused. */
export interface Run {
  readonly id: string
  /** The question: these left `waiting` for it. */
  readonly messages: readonly Message[]
  readonly startedAt: number
  /** Until then its process is taken to be alive. */
  readonly leaseUntil: number
  readonly names: RunNames
}

/** What Dify calls a run and its parts; null what it has not said. */
export interface RunNames {
  readonly taskId: string | null
  readonly conversationId: string | null
  readonly messageId: string | null
  readonly workflowRunId: string | null
}

/** So long after a customer's message Meta lets a bot answer it. */
export const ANSWER_WINDOW_MS = 24 * 3_600_000

const NONE: readonly never[] = Object.freeze([])
export const NO_NAMES: RunNames = { taskId: null, conversationId: null, messageId: null, workflowRunId: null }
export const NOT_ASKING: Asking = {
  run: null,
  attempts: 0,
  restUntil: 0,
  heldSince: 0,
  assistantId: null,
  share: null,
  awayFor: 0,
  answeredUpTo: 0,
  cutOffUntil: 0,
}
export const NO_INTRO: Intro = { seq: 0, hasLeft: false, personSeq: 0 }
export const NO_PROFILE: Profile = { name: null, username: null, picture: null, at: 0, isKnown: false }

export function newConversation(id: ConversationId, now: number): Conversation {
  return {
    id,
    createdAt: now,
    lastMessageAt: 0,
    seq: 0,
    closedAt: 0,
    resumedAt: 0,
    promptAt: 0,
    customerAt: 0,
    windowUntil: 0,
    causes: NONE,
    flags: NONE,
    spoken: NONE,
    flagUses: NONE,
    sent: NONE,
    unclaimed: NONE,
    waiting: NONE,
    setAside: NONE,
    asked: NONE,
    asking: NOT_ASKING,
    intro: NO_INTRO,
    outbox: NO_OUTBOX,
    profile: NO_PROFILE,
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

export function hasDeadLetters(state: Conversation): boolean {
  return state.outbox.dead.length > 0
}
