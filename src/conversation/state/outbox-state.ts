import { unreachable } from '../text/unreachable.js'
import { changed } from './changed.js'
import type { DeadBecause, Message, Reason } from './message.js'
import { NONE } from './none.js'

/** Our messages on their way to the customer. */
export interface Outbox {
  /** In sending order. */
  readonly parts: readonly OpenPart[]
  /** Parts that a pause cancelled, in case it proves wrong. */
  readonly setAside: readonly DatedPart[]
  readonly dead: readonly DeadLetter[]
  /** Messages queued under an Idempotency-Key. */
  readonly posts: readonly Post[]
}

/** The content of one request. */
export interface Part {
  readonly message: Message
  /** The `seq` of the first part of its message: when one part fails, the others are given up with it. */
  readonly group: number
  readonly leaves: Leaves
  /** The tag that allows it outside of Meta's window: the caller's, or one added after Meta refused it. */
  readonly tag: string | null
  /** The customer's messages that are answered once it is sent; only on the last part of an answer. */
  readonly answers: readonly Message[]
  /** Offered below its text, uncut. */
  readonly quickReplies: readonly string[]
  /** How often it was decided to send it: tells results of different requests apart. */
  readonly attempts: number
  /** The claim of the event that last decided to send it; null when never. */
  readonly claim: string | null
  /** It is sent again because the outcome of the first request is unknown: that one may have arrived. */
  readonly isSecondTry: boolean
}

/** A part in the queue. Its message's status names its stage. */
export interface OpenPart extends Part {
  readonly stage: Stage
}

export type Stage =
  | {
      readonly is: 'queued'
      /** It is not sent before that. */
      readonly notBefore: number
      /** Its slot in the channel's send rate; 0 for none yet. */
      readonly slotAt: number
    }
  | {
      readonly is: 'sending'
      /** The sending process counts as alive until then. */
      readonly leaseUntil: number
    }
  | {
      /** The outcome of the request is unknown. */
      readonly is: 'unknown'
      /** Its echo may come until then. */
      readonly echoUntil: number
    }

/** When a part in that stage is due. */
export function stageEnd(stage: Stage): number {
  switch (stage.is) {
    case 'queued':
      return stage.notBefore
    case 'sending':
      return stage.leaseUntil
    case 'unknown':
      return stage.echoUntil
    default:
      return unreachable(stage)
  }
}

/** Queued, or queued again. */
export function queuedPart(part: Part, notBefore: number): OpenPart {
  const message = changed(part.message, { status: 'queued', reason: null })
  return { ...part, message, stage: { is: 'queued', notBefore, slotAt: 0 } }
}

export function sendingPart(part: Part, claim: string, leaseUntil: number): OpenPart {
  const message = changed(part.message, { status: 'sending' })
  return { ...part, message, attempts: part.attempts + 1, claim, stage: { is: 'sending', leaseUntil } }
}

export function unknownPart(part: Part, echoUntil: number): OpenPart {
  const message = changed(part.message, { status: 'unknown' })
  return { ...part, message, stage: { is: 'unknown', echoUntil } }
}

/** Taken out of the queue: parts that are set aside or dead have no stage. */
export function closedPart({ stage: _, ...part }: OpenPart): Part {
  return part
}

/** Whether a part is sent while the bot is paused. */
export type Leaves =
  /** Never. */
  | 'while_on'
  /** Sent although the bot has just paused itself; dropped when a person pauses it. */
  | 'as_farewell'
  /** Always: a person wrote it or asked for it. */
  | 'always'

export interface DatedPart {
  readonly part: Part
  readonly at: number
}

/** A message that could not be delivered: the part that was given up, and those that were to follow it. */
export interface DeadLetter {
  /** The `seq` of the part that was given up. */
  readonly seq: number
  readonly reason: DeadBecause
  readonly code: string
  readonly at: number
  readonly parts: readonly Part[]
}

export interface Post {
  readonly key: string
  /** A digest of the body: detects a key that is used again for another body. */
  readonly body: string
  readonly at: number
  readonly seq: number
  /** Why it was cancelled at once; null when it was queued. */
  readonly reason: Reason | null
}

export const NO_OUTBOX: Outbox = { parts: NONE, setAside: NONE, dead: NONE, posts: NONE }
