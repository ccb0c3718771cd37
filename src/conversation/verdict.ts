import type { Event } from './event.js'
import type { MarkOutcome } from './expected/flags.js'
import type { Leaving } from './sending/send-attempt.js'
import type { Author, Evidence, Message, Reason } from './state/message.js'
import type { Run } from './state/state.js'

/** The result of an event for its sender, typed by the kind of the event. */
export type VerdictOf<E extends Pick<Event, 'is'>> = Verdicts[E['is']]
export type Verdict = Verdicts[Event['is']]

interface Verdicts {
  readonly message: ItemVerdict
  readonly echo: ItemVerdict
  readonly edit: ItemVerdict
  readonly delete: ItemVerdict
  readonly reaction: ItemVerdict
  readonly read: ItemVerdict
  readonly signal: ItemVerdict
  readonly handover: ItemVerdict
  readonly mark: MarkVerdict
  readonly reported: ReportVerdict
  readonly outgoing: OutgoingVerdict
  readonly wake: WakeVerdict
  readonly send: SendVerdict
  readonly bot: OrderVerdict
  readonly state: OrderVerdict
  readonly send_result: OrderVerdict
  readonly run_beat: OrderVerdict
  readonly run_end: OrderVerdict
  readonly redrive: OrderVerdict
  readonly discard: OrderVerdict
  readonly profile: OrderVerdict
  readonly feedback: FeedbackVerdict
  readonly transcribed: OrderVerdict
}

/** The verdict of a webhook's item. */
export interface ItemVerdict {
  readonly of: 'item'
  readonly outcome: 'accepted' | 'duplicate'
  readonly reason: Reason | null
  readonly author: Author | null
  readonly evidence: Evidence | null
  readonly message: Message | null
  /** The question that was just combined with its post, which its `shareSeq` names; null otherwise. */
  readonly combined: Message | null
}

export interface MarkVerdict {
  readonly of: 'mark'
  readonly flag: MarkOutcome
  /** The bot may answer here. */
  readonly proceed: boolean
}

export interface ReportVerdict {
  readonly of: 'report'
  readonly outcome: 'accepted' | 'duplicate'
  readonly author: Author | null
  readonly message: Message | null
  /** The reported message's echo had come already. */
  readonly matched: boolean
}

/** The verdict of a message to send. */
export type OutgoingVerdict =
  | {
      readonly of: 'outgoing'
      /** `duplicate`: it was queued before under the same key. */
      readonly outcome: 'accepted' | 'duplicate'
      readonly seq: number
      /** Why it was cancelled at once; null when it was queued. */
      readonly reason: Reason | null
    }
  | {
      readonly of: 'outgoing'
      readonly outcome: 'refused'
      /** `other_body`: the key was used for another message. */
      readonly because: 'too_many' | 'other_body'
    }

export interface WakeVerdict {
  readonly of: 'wake'
  readonly task: { readonly is: 'ask' | 'look_up'; readonly run: Run } | null
  /** A shared post that expired without a question. */
  readonly expiredShare: Message | null
}

export interface SendVerdict {
  readonly of: 'send'
  /** What is to be sent now; null when nothing may be. */
  readonly leaving: Leaving | null
}

export interface FeedbackVerdict {
  readonly of: 'feedback'
  /** The changed message; null when the history does not have it, or when it is the customer's. */
  readonly message: Message | null
}

/** The verdict of an order that has no other result. */
export interface OrderVerdict {
  readonly of: 'order'
  /** `refused`: the order does not fit the state, and changes nothing. */
  readonly outcome: 'accepted' | 'refused'
}

export const DONE: OrderVerdict = { of: 'order', outcome: 'accepted' }
export const REFUSED: OrderVerdict = { of: 'order', outcome: 'refused' }

/** The verdict of an item of which these are known. */
export function item(
  outcome: ItemVerdict['outcome'],
  reason: Reason | null,
  author: Author | null,
  evidence: Evidence | null,
  message: Message | null,
): ItemVerdict {
  return { of: 'item', outcome, reason, author, evidence, message, combined: null }
}

/** The verdict of an item that changes another message, if that exists. */
export function changed(message: Message | null): ItemVerdict {
  return item('accepted', null, null, null, message)
}
