import type { ConversationId } from '../ids.js'
import type { Intro } from './intro.js'
import type { Message } from './message.js'
import { NONE } from './none.js'
import { NO_OUTBOX, type Outbox } from './outbox-state.js'
import type { FlagUse, SpokenRun } from './spoken-run.js'

/**
 * Everything that must be known of a conversation to decide about its next event. Every list has a cap. Times are
 * milliseconds of the store's clock; 0 means never (a small integer needs no heap object).
 */
export interface Conversation {
  readonly id: ConversationId
  readonly createdAt: number
  readonly lastMessageAt: number
  /** The `seq` of the newest message. */
  readonly seq: number
  readonly closedAt: number
  /** When the conversation was last handed back to the bot. */
  readonly resumedAt: number
  /** The customer's last item to which Meta may send an instant reply. */
  readonly promptAt: number
  /** The customer's last message: Meta's window counts from it. */
  readonly customerAt: number
  /** Until when Meta's window may be open for another reason: an ad, a referral, a reaction. */
  readonly windowUntil: number
  readonly causes: readonly Cause[]
  readonly flags: readonly Flag[]
  /** Runs whose assistant sends by itself, oldest first, until their last echo can have come. */
  readonly spoken: readonly SpokenRun[]
  /** Echoes attributed to the bot by a flag: they open a tail for further parts, and may prove to be a person's. */
  readonly flagUses: readonly FlagUse[]
  /** Expected echoes of our messages. */
  readonly sent: readonly SentMessage[]
  /** Recent echoes that no message has claimed yet. */
  readonly unclaimed: readonly DatedMessage[]
  /** Customer messages to be asked, oldest first. */
  readonly waiting: readonly Message[]
  /** Questions that a pause cancelled, in case it proves wrong. */
  readonly setAside: readonly DatedMessage[]
  /** Texts asked since our last message. */
  readonly asked: readonly AskedText[]
  readonly asking: Asking
  /** Deletions and edits whose message has not come yet. */
  readonly early: readonly EarlyChange[]
  readonly intro: Intro
  readonly outbox: Outbox
  readonly profile: Profile
}

/** A cause of a pause. The latest end wins; a cause that proves wrong is removed. */
export interface Cause {
  readonly until: number
  readonly reason: PauseReason
  readonly at: number
  /** The `seq` of the message that caused it; 0 for none. */
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

/**
 * An expected echo with any text, or with only `text`. A used flag is kept for a while to recognise retries of its
 * mark.
 */
export interface Flag {
  readonly at: number
  readonly until: number
  readonly left: number
  readonly text: string | null
  readonly idempotencyKey: string | null
  /** The mark's other parameters, which tell a retry from another mark. */
  readonly parameters: string
}

/** An expected echo known by id, by text or by kind. */
export interface SentMessage {
  readonly message: Message
  readonly until: number
}

/** `at`: when it arrived or was set aside; of an echo that a backfill read, when it was written. */
export interface DatedMessage {
  readonly message: Message
  readonly at: number
}

/** The text is as `sameTextKey` has it. Usually it is the message itself, so that it needs no object of its own. */
export interface AskedText {
  readonly text: string
  readonly arrivedAt: number
}

/** A deletion or an edit that came before its message. */
export interface EarlyChange {
  readonly mid: string
  /** When it arrived. */
  readonly at: number
  /** The new text of an edit; null for a deletion. */
  readonly text: string | null
  /** When it was made; 0 for not known. */
  readonly madeAt: number
}

/** The state of asking the assistant. */
export interface Asking {
  readonly run: Run | null
  /** Attempts to ask the present question, the run under way included; 0 once it is answered or given up. */
  readonly attempts: number
  /** Nothing is asked before that: the cooldown after an answer, or the backoff after a failure. */
  readonly restUntil: number
  /** Since when the waiting messages are held because the assistant is down; 0 for not held. */
  readonly heldSince: number
  /** The assistant's id of this conversation. */
  readonly assistantId: string | null
  /** A shared post that waits for its question. */
  readonly share: HeldShare | null
  /** The start of the closed stretch for which the customer was told that the shop is closed; 0 for none. */
  readonly awayFor: number
  /** The `seq` of the last message that the assistant has answered; it has not seen later ones. */
  readonly answeredUpTo: number
  /** Until then a run that was cut off may still make marks; 0 for none. */
  readonly cutOffUntil: number
}

export interface HeldShare {
  readonly message: Message
  readonly until: number
}

/** The customer's profile. */
export interface Profile {
  readonly name: string | null
  readonly username: string | null
  readonly picture: string | null
  /** When it was fetched; 0 for never. */
  readonly at: number
  readonly isKnown: boolean
}

/** A call of the assistant under way. Each attempt has its own id, and results with another id are refused. */
export interface Run {
  readonly id: string
  /** The question: these messages were moved here from `waiting`. */
  readonly messages: readonly Message[]
  readonly startedAt: number
  /** Until then its process counts as alive. */
  readonly leaseUntil: number
  readonly names: RunNames
}

/** Dify's ids of a run and its parts; null for those not known. */
export interface RunNames {
  readonly taskId: string | null
  readonly conversationId: string | null
  readonly messageId: string | null
  readonly workflowRunId: string | null
}

/** How long after a customer's message Meta allows a bot to answer. */
export const ANSWER_WINDOW_MS = 24 * 3_600_000

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
    early: NONE,
    intro: NO_INTRO,
    outbox: NO_OUTBOX,
    profile: NO_PROFILE,
  }
}

/** Appends an item, and drops the oldest above the cap. */
export function added<T>(list: readonly T[], item: T, cap: number): T[] {
  const from = Math.max(0, list.length - cap + 1)
  const count = list.length - from
  // By index: a spread into a literal or a `push` reserves seventeen slots even for one item, and `concat` takes seven
  // times as long.
  const longer = new Array<T>(count + 1)
  for (let i = 0; i < count; i++) longer[i] = list[from + i]!
  longer[count] = item
  return longer
}

/** Returns one shared empty list when nothing is left: a million idle conversations then hold only references. */
export function kept<T>(list: readonly T[], stays: (item: T) => boolean): readonly T[] {
  if (list.length === 0 || list.every(stays)) return list
  const left = list.filter(stays)
  return left.length === 0 ? NONE : left
}

export function isPaused(state: Conversation): boolean {
  return state.causes.length > 0
}

/** Whether nobody has written or decided anything: a mark for an unknown customer leaves such a state. */
export function isSilent(state: Conversation): boolean {
  return state.seq === 0 && state.closedAt === 0 && state.causes.length === 0
}

export function isListed(state: Conversation): boolean {
  return !isSilent(state)
}

export function hasDeadLetters(state: Conversation): boolean {
  return state.outbox.dead.length > 0
}
