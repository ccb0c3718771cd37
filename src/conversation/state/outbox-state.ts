import { unreachable } from '../text/unreachable.js'
import type { DeadBecause, Message, Reason } from './message.js'

/** What of ours is on its way to the customer. */
export interface Outbox {
  /** In the order in which they are sent. */
  readonly parts: readonly OpenPart[]
  /** What a pause kept from being sent, for the case that the pause proves wrong. */
  readonly setAside: readonly DatedPart[]
  readonly dead: readonly DeadLetter[]
  /** What was queued under an Idempotency-Key. */
  readonly posts: readonly Post[]
}

/** One request's worth of a message of ours. */
export interface Part {
  readonly message: Message
  /** The `seq` of its whole message's first part: when one part dies, the others go with it. */
  readonly group: number
  readonly leaves: Leaves
  /** Why it may leave outside of Meta's window: as its caller said, or because Meta wanted a reason. */
  readonly tag: string | null
  /** The customer's messages that are answered once it has left; an answer's last part has them. */
  readonly answers: readonly Message[]
  /** Offered below its text, in whole. */
  readonly quickReplies: readonly string[]
  /** How often it was decided to send it: tells the result of one request from that of another. */
  readonly attempts: number
  /** That of the event by which it was last decided to send it; null where it never was. */
  readonly claim: string | null
  /** It is sent once more because nobody knows what became of the first request: that one may have arrived. */
  readonly isSecondTry: boolean
}

/** A part that is still to arrive. Its message's status is the stage that it is in. */
export interface OpenPart extends Part {
  readonly stage: Stage
}

export type Stage =
  | {
      readonly is: 'queued'
      /** It does not leave before. */
      readonly notBefore: number
      /** When it has a place in the channel's rate, 0 for none yet. */
      readonly slotAt: number
    }
  | {
      readonly is: 'sending'
      /** Until then the process that sends it is taken to be alive. */
      readonly leaseUntil: number
    }
  | {
      /** Nobody knows whether the request arrived. */
      readonly is: 'unknown'
      /** Its echo is waited for until then. */
      readonly echoUntil: number
    }

/** When something has to be done about a part in that stage. */
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

/** In the queue, however it came there: nothing speaks against it but the time. */
export function queuedPart(part: Part, notBefore: number, slotAt = 0): OpenPart {
  const message: Message = { ...part.message, status: 'queued', reason: null }
  return { ...part, message, stage: { is: 'queued', notBefore, slotAt } }
}

export function sendingPart(part: Part, claim: string, leaseUntil: number): OpenPart {
  const message: Message = { ...part.message, status: 'sending' }
  return { ...part, message, attempts: part.attempts + 1, claim, stage: { is: 'sending', leaseUntil } }
}

export function unknownPart(part: Part, echoUntil: number): OpenPart {
  const message: Message = { ...part.message, status: 'unknown' }
  return { ...part, message, stage: { is: 'unknown', echoUntil } }
}

/** Out of the queue: what is set aside or dead is in no stage. */
export function closedPart({ stage: _, ...part }: OpenPart): Part {
  return part
}

/** Whether a part goes out although the bot is silent. */
export type Leaves =
  /** Not at all. */
  | 'while_on'
  /** It tells of the bot's own retreat; a person's word makes it superfluous. */
  | 'as_farewell'
  /** A person wrote it, or wants it sent. */
  | 'always'

export interface DatedPart {
  readonly part: Part
  readonly at: number
}

/** What did not arrive, for a person to look at: a part that was given up, and those that were to follow it. */
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
  /** Tells another body under the same key. */
  readonly body: string
  readonly at: number
  readonly seq: number
  /** Why it was cancelled at once, null where it was queued. */
  readonly reason: Reason | null
}

const NONE: readonly never[] = Object.freeze([])
export const NO_OUTBOX: Outbox = { parts: NONE, setAside: NONE, dead: NONE, posts: NONE }
