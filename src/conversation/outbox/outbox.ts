import type { Answer } from '../answer/answer.js'
import { partsOf, unsplit } from '../answer/parts.js'
import type { Policy } from '../channel.js'
import { isYoung } from '../pause/pause.js'
import { whySilent } from '../pause/why-silent.js'
import { CAPS } from '../state/caps.js'
import { changed } from '../state/changed.js'
import { append, type Draft, rewrite } from '../state/draft.js'
import { type Message, OWN_SOURCE, type Reason } from '../state/message.js'
import { NONE } from '../state/none.js'
import {
  closedPart,
  type Leaves,
  type OpenPart,
  type Outbox,
  type Part,
  queuedPart,
  unknownPart,
} from '../state/outbox-state.js'
import { type Conversation, kept, type PauseReason } from '../state/state.js'
import { unreachable } from '../text/unreachable.js'

/** The outbox: how messages are queued, and how a takeover cancels them. */

/**
 * After the bot has paused itself its farewell may still be sent; after a person's or an operator's pause it may not.
 */
const OWN_PAUSES: ReadonlySet<PauseReason> = new Set(['assistant_failed', 'assistant', 'customer_request'])

export interface Said {
  readonly type: 'AI' | 'support' | 'marketing'
  readonly answer: Answer
  readonly leaves: Leaves
  /** The program that sends it; left out for the router's own messages. */
  readonly source?: string
  /** The customer's messages that it answers. */
  readonly answers?: readonly Message[]
  readonly tag?: string | null
  /** See Message. */
  readonly answerId?: string | null
}

/** Queues a message, split into the parts that the platform needs. Returns the first part's message. */
export function queue(draft: Draft, said: Said): Message {
  const { now } = draft
  const recorded = record(draft, said, { status: 'queued', reason: null })
  const group = recorded[0]!.message.seq
  const parts = recorded.map(
    ({ message, quickReplies }, index): OpenPart => ({
      message,
      group,
      leaves: said.leaves,
      tag: said.tag ?? null,
      answers: index === recorded.length - 1 ? (said.answers ?? NONE) : NONE,
      quickReplies,
      attempts: 0,
      claim: null,
      isSecondTry: false,
      stage: { is: 'queued', notBefore: now, slotAt: 0 },
    }),
  )
  patchOutbox(draft, { parts: [...draft.state.outbox.parts, ...parts] })
  return recorded[0]!.message
}

/** Records a message of ours in the history, in the parts in which it is sent or would have been. */
export function record(
  draft: Draft,
  said: Said,
  as: { readonly status: 'queued' | 'cancelled'; readonly reason: Reason | null },
): readonly Recorded[] {
  const { policy } = draft
  const { type, answer, source = OWN_SOURCE } = said
  const parts = partsOf(answer, policy.platform)
  // A text without visible content has no parts: it is sent unchanged, and Meta refuses it.
  return (parts.length > 0 ? parts : unsplit(answer)).map(({ kind, text, attachments, quickReplies }) => {
    const content = { is: 'reported', type, mid: null, kind, text, attachments, source } as const
    const kept = { type, ...as, evidence: null, source, fromApp: true, answerId: said.answerId ?? null }
    return { message: append(draft, content, kept), quickReplies }
  })
}

export interface Recorded {
  readonly message: Message
  readonly quickReplies: readonly string[]
}

export function mayLeave(state: Conversation, part: Part, policy: Policy, now: number): boolean {
  switch (part.leaves) {
    case 'always':
      return true
    case 'as_farewell':
      return state.closedAt === 0 && state.causes.every((cause) => OWN_PAUSES.has(cause.reason))
    case 'while_on':
      return whySilent(state, policy, now) === null
    default:
      return unreachable(part.leaves)
  }
}

/**
 * Cancels the parts that may not be sent any more. A part on the wire cannot be recalled, and one whose first request
 * may have arrived is not cancelled: it waits for its echo at the head of the queue.
 */
export function dropParts(draft: Draft): readonly Part[] {
  const { policy, now } = draft
  const { parts } = draft.state.outbox
  if (parts.length === 0) return NONE
  const stays = (part: OpenPart): boolean => part.stage.is !== 'queued' || mayLeave(draft.state, part, policy, now)
  const stopped = parts.filter((part) => !stays(part))
  if (stopped.length === 0) return NONE
  const doubtful = stopped.filter((part) => part.isSecondTry).map((part) => doubted(part, policy, now))
  const dropped = kept(stopped, (part) => !part.isSecondTry).map(closedPart)
  patchOutbox(draft, { parts: doubtful.length > 0 ? [...doubtful, ...parts.filter(stays)] : kept(parts, stays) })
  for (const { message } of doubtful) rewrite(draft, message)
  const reason = whySilent(draft.state, policy, now)
  for (const { message } of dropped) rewrite(draft, changed(message, { status: 'cancelled', reason }))
  return dropped
}

/** The second request was not made, so it is still allowed if the pause proves wrong. */
function doubted(part: Part, policy: Policy, now: number): OpenPart {
  return { ...unknownPart(part, now + policy.unknownSendWaitMs), isSecondTry: false }
}

export function setPartsAside(draft: Draft, parts: readonly Part[]): void {
  const { now } = draft
  if (parts.length === 0) return
  const aside = [...draft.state.outbox.setAside, ...parts.map((part) => ({ part, at: now }))]
  patchOutbox(draft, { setAside: aside.slice(-CAPS.partsSetAside) })
}

/** Queues the cancelled parts again: the pause proved wrong. */
export function putPartsBack(draft: Draft): void {
  const { now } = draft
  const { parts, setAside } = draft.state.outbox
  if (setAside.length === 0) return
  const back = setAside.filter((each) => isYoung(each, now)).map(({ part }) => queuedPart(part, now))
  for (const { message } of back) rewrite(draft, message)
  // Parts on the wire stay first, whatever they were sent for.
  const onTheWire = parts.filter(({ stage }) => stage.is !== 'queued')
  const queued = parts.filter(({ stage }) => stage.is === 'queued')
  const bySeq = (a: Part, b: Part): number => a.message.seq - b.message.seq
  patchOutbox(draft, {
    setAside: NONE,
    parts: [...onTheWire, ...[...queued, ...back].sort(bySeq)],
  })
}

/** The cooldown counts from the last part of an answer. */
export function partLeft(draft: Draft): void {
  const { state, policy, now } = draft
  if (state.outbox.parts.length > 0) return
  const restUntil = Math.max(state.asking.restUntil, now + policy.cooldownMs)
  draft.state = { ...state, asking: { ...state.asking, restUntil } }
}

export function patchOutbox(draft: Draft, changes: Partial<Outbox>): void {
  draft.state = { ...draft.state, outbox: { ...draft.state.outbox, ...changes } }
}
