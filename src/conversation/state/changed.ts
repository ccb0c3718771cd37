import {
  type Evidence,
  type Feedback,
  type Message,
  NO_ORIGIN,
  NO_OUTCOME,
  type Origin,
  type Outcome,
  type Reaction,
  type Reason,
} from './message.js'

/** What may change of a message, whichever group it is in. */
export type Changes = Partial<Omit<Message, 'seq' | 'at' | 'arrivedAt' | 'origin' | 'outcome'> & Origin & Outcome>

/**
 * The message with some of it changed. Messages are made here, by `append` and from rows, with their properties in one
 * order, and not by spreads: all of them then have the same hidden class.
 */
export function changed(message: Message, to: Changes): Message {
  return {
    seq: message.seq,
    at: message.at,
    arrivedAt: message.arrivedAt,
    type: to.type ?? message.type,
    kind: to.kind ?? message.kind,
    mid: either(to.mid, message.mid),
    text: either(to.text, message.text),
    attachments: to.attachments ?? message.attachments,
    status: to.status ?? message.status,
    origin: changedOrigin(message.origin, to),
    outcome: changedOutcome(message.outcome, to),
  }
}

function changedOrigin(origin: Origin, to: Changes): Origin {
  return originOf(
    either(to.evidence, origin.evidence),
    either(to.source, origin.source),
    to.fromApp ?? origin.fromApp,
    either(to.answerId, origin.answerId),
    either(to.payload, origin.payload),
    either(to.replyTo, origin.replyTo),
    either(to.traceparent, origin.traceparent),
  )
}

export function changedOutcome(outcome: Outcome, to: Changes): Outcome {
  return outcomeOf(
    either(to.reason, outcome.reason),
    to.answerUnsent ?? outcome.answerUnsent,
    to.shareSeq ?? outcome.shareSeq,
    either(to.transcription, outcome.transcription),
    to.reactions ?? outcome.reactions,
    to.readAt ?? outcome.readAt,
    to.editedAt ?? outcome.editedAt,
    to.deletedAt ?? outcome.deletedAt,
    either(to.feedback, outcome.feedback),
  )
}

/** Null is a change too. */
function either<T>(to: T | null | undefined, before: T | null): T | null {
  return to === undefined ? before : to
}

/** One by one, and in the order of the group's fields: an object made for the call would often be thrown away. */
export function originOf(
  evidence: Evidence | null,
  source: string | null,
  fromApp: boolean,
  answerId: string | null,
  payload: string | null,
  replyTo: string | null,
  traceparent: string | null,
): Origin {
  const isKnown = evidence !== null || source !== null || fromApp || answerId !== null
  if (!isKnown && payload === null && replyTo === null && traceparent === null) return NO_ORIGIN
  return { evidence, source, fromApp, answerId, payload, replyTo, traceparent }
}

export function outcomeOf(
  reason: Reason | null,
  answerUnsent: boolean,
  shareSeq: number,
  transcription: string | null,
  reactions: readonly Reaction[],
  readAt: number,
  editedAt: number,
  deletedAt: number,
  feedback: Feedback | null,
): Outcome {
  const isAsked = reason !== null || answerUnsent || shareSeq > 0 || transcription !== null
  const isTouched = reactions.length > 0 || readAt > 0 || editedAt > 0 || deletedAt > 0 || feedback !== null
  if (!isAsked && !isTouched) return NO_OUTCOME
  return { reason, answerUnsent, shareSeq, transcription, reactions, readAt, editedAt, deletedAt, feedback }
}
