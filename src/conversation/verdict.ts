import type { MarkOutcome } from './echo/flags.js'
import type { Event } from './event.js'
import type { Leaving } from './outbox/sending.js'
import type { Author, Evidence, Message, Reason } from './state/message.js'
import type { Run } from './state/state.js'

/** What is told to whoever brought an event: by the kind of event, so that nobody reads what it never says. */
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

/** Of an item of a webhook. */
export interface ItemVerdict {
  readonly of: 'item'
  readonly outcome: 'accepted' | 'duplicate'
  readonly reason: Reason | null
  readonly author: Author | null
  readonly evidence: Evidence | null
  readonly message: Message | null
  /** The question that now has its post, which its `shareSeq` names; null where post and question did not just meet. */
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

/** Of a message that we are to send. */
export type OutgoingVerdict =
  | {
      readonly of: 'outgoing'
      /** `duplicate`: it was queued before, under the same key. */
      readonly outcome: 'accepted' | 'duplicate'
      readonly seq: number
      /** Why it was cancelled at once, null where it was queued. */
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
  /** A shared post whose question never came. */
  readonly expiredShare: Message | null
}

export interface SendVerdict {
  readonly of: 'send'
  /** What is to leave now; null where nothing may. */
  readonly leaving: Leaving | null
}

export interface FeedbackVerdict {
  readonly of: 'feedback'
  /** As it is from now on; null where the history does not hold it, or the customer said it. */
  readonly message: Message | null
}

/** Of what is done or not done, and has nothing to tell besides. */
export interface OrderVerdict {
  readonly of: 'order'
  /** Refused: it fits nothing that is there, and changes nothing. */
  readonly outcome: 'accepted' | 'refused'
}
