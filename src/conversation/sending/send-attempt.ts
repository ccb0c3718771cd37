import { plainerPart } from '../answer/parts.js'
import { claimEchoOfErased, confirmSent, openMessage } from '../echo/arrived.js'
import type { Send, SendResult } from '../event.js'
import { expectEcho, expectUntil, withoutExpected } from '../expected/expected-echoes.js'
import { introLeft } from '../outbox/intro.js'
import { dropParts, mayLeave, partLeft, patchOutbox, setPartsAside } from '../outbox/outbox.js'
import { passFor, tagInstead } from '../outbox/window.js'
import { CAPS } from '../state/caps.js'
import { changed } from '../state/changed.js'
import { type Draft, rewrite } from '../state/draft.js'
import { LATEST_ECHO_MS } from '../state/lifetimes.js'
import type { DeadBecause } from '../state/message.js'
import {
  closedPart,
  type DeadLetter,
  type OpenPart,
  type Part,
  queuedPart,
  sendingPart,
  unknownPart,
} from '../state/outbox-state.js'
import { added, kept } from '../state/state.js'
import { unreachable } from '../text/unreachable.js'

/** The sending of one part: it is sent, and its outcome arrives now, later or never. */

/** A request times out before that; a process that has not reported the outcome by then is dead. */
const SEND_LEASE_MS = 12_000
const FIRST_RETRY_MS = 1_000
const LONGEST_BACKOFF_MS = 60_000

export interface Leaving {
  readonly part: Part
  readonly tag: string | null
}

/** Marks the first part as sending and expects its echo from now on. Null when it may not be sent now. */
export function startSending(draft: Draft, { slotAt, claim }: Send): Leaving | null {
  const { state, policy, now } = draft
  const part = state.outbox.parts[0]
  if (part === undefined) return null
  if (part.stage.is !== 'queued') return part.claim === claim ? sendAfterAll(draft, part) : null
  if (part.stage.notBefore > now) return null
  if (!mayLeave(state, part, policy, now)) {
    dropParts(draft)
    return null
  }
  const pass = passFor(state, part, now)
  if (pass === null) {
    giveUpOn(draft, part, 'window_closed', 'window_closed')
    return null
  }
  if (slotAt > now) {
    replace(draft, { ...part, stage: { is: 'queued', notBefore: slotAt, slotAt } })
    return null
  }
  const sending = sendingPart(part, claim, now + SEND_LEASE_MS)
  putBack(draft, sending)
  draft.state = expectEcho(draft.state, sending.message, now + LATEST_ECHO_MS)
  return { part: sending, tag: pass.tag }
}

/** The part's own process decided to send it before, but did not learn that this was committed: it made no request. */
function sendAfterAll(draft: Draft, part: OpenPart): Leaving | null {
  const { policy, now } = draft
  const pass = passFor(draft.state, part, now)
  if (part.stage.is === 'sending' && pass !== null && mayLeave(draft.state, part, policy, now)) {
    return { part, tag: pass.tag }
  }
  didNotLeave(draft, part)
  return null
}

export function endSending(draft: Draft, event: SendResult): void {
  const { policy, now } = draft
  const { end } = event
  if (event.createdAt !== draft.state.createdAt) {
    if (end.is === 'sent') claimEchoOfErased(draft, event.type, end.mid)
    return
  }
  const part = draft.state.outbox.parts.find(({ message }) => message.seq === event.seq)
  if (part === undefined || part.attempts !== event.attempt || part.stage.is === 'queued') {
    // A stale result: the echo, or the end of its wait, came first. A late `sent` still removes the dead letter.
    if (end.is !== 'sent') return
    const message = openMessage(draft.state, event.seq)
    if (message !== null) confirmSent(draft, message, end.mid)
    return
  }
  switch (end.is) {
    case 'sent':
      draft.state = expectUntil(draft.state, event.seq, now + policy.echoTtlMs)
      confirmSent(draft, part.message, end.mid)
      break
    case 'later':
      draft.state = withoutExpected(draft.state, event.seq)
      tryLater(draft, part, end, event.random)
      break
    case 'dead': {
      draft.state = withoutExpected(draft.state, event.seq)
      const tag = end.reason === 'window_closed' ? tagInstead(draft.state, part, now) : null
      if (tag !== null) queueAgain(draft, { ...part, tag }, now)
      else giveUpOn(draft, part, end.reason, end.code)
      break
    }
    case 'form_refused':
      draft.state = withoutExpected(draft.state, event.seq)
      tryPlainer(draft, part, end.code)
      break
    case 'stale':
      didNotLeave(draft, part)
      break
    case 'unknown':
      if (part.stage.is === 'sending') loseTrack(draft, part)
      break
    default:
      unreachable(end)
  }
}

/** Meta refused the form: sends the link instead of the attachment, or the text without its quick replies. */
function tryPlainer(draft: Draft, part: Part, code: string): void {
  const { policy, now } = draft
  const { message, quickReplies } = part
  const plainer = plainerPart({ ...message, quickReplies }, policy.platform)
  if (plainer === null) {
    giveUpOn(draft, part, 'refused', code)
    return
  }
  const { kind, text, attachments } = plainer
  const instead = {
    ...part,
    message: changed(message, { kind, text, attachments }),
    quickReplies: plainer.quickReplies,
  }
  queueAgain(draft, instead, now)
}

function tryLater(
  draft: Draft,
  part: Part,
  { code, afterMs }: { readonly code: string; readonly afterMs: number },
  random: number,
): void {
  const { policy, now } = draft
  if (part.attempts >= policy.sendAttempts) {
    giveUpOn(draft, part, 'attempts_exhausted', code)
    return
  }
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** (part.attempts - 1), LONGEST_BACKOFF_MS) * (0.5 + random)
  queueAgain(draft, part, now + Math.max(backoff, afterMs))
}

/** No request was made. Applies too if another process took the part for lost meanwhile. */
function didNotLeave(draft: Draft, part: Part): void {
  const { now } = draft
  draft.state = withoutExpected(draft.state, part.message.seq)
  queueAgain(draft, part, now)
}

/** Queues a part that was not delivered again, unless a person took over since. */
function queueAgain(draft: Draft, part: Part, at: number): void {
  putBack(draft, queuedPart(part, at))
  const dropped = dropParts(draft)
  if (draft.state.closedAt === 0) setPartsAside(draft, dropped)
}

/** At its place in the queue, and in the history, in another stage. */
function putBack(draft: Draft, part: OpenPart): void {
  replace(draft, part)
  rewrite(draft, part.message)
}

/** Unknown whether it was delivered: wait for its echo. */
export function loseTrack(draft: Draft, part: Part): void {
  const { policy, now } = draft
  putBack(draft, unknownPart(part, now + policy.unknownSendWaitMs))
  draft.state = expectUntil(draft.state, part.message.seq, now + LATEST_ECHO_MS)
}

/** The echo has not come in time. */
export function endWaitForEcho(draft: Draft, part: Part): void {
  const { policy, now } = draft
  const mayRetry = policy.unknownSend === 'retry' && !part.isSecondTry && part.attempts < policy.sendAttempts
  if (mayRetry && mayLeave(draft.state, part, policy, now)) {
    putBack(draft, { ...queuedPart(part, now), isSecondTry: true })
  } else {
    giveUpOn(draft, part, 'unknown_outcome', 'unknown_outcome')
  }
}

/** The parts that were to follow are given up too, in one dead letter: they would make no sense alone. */
function giveUpOn(draft: Draft, part: Part, reason: DeadBecause, code: string): void {
  const { now } = draft
  const { parts, setAside, dead } = draft.state.outbox
  const isLost = (each: Part): boolean => each.group === part.group
  const lost = [...parts.map(closedPart), ...setAside.map((each) => each.part)].filter(isLost)
  const letter: DeadLetter = { seq: part.message.seq, reason, code, at: now, parts: lost }
  patchOutbox(draft, {
    parts: kept(parts, (each) => !isLost(each)),
    setAside: kept(setAside, (each) => !isLost(each.part)),
    dead: added(dead, letter, CAPS.dead),
  })
  if (reason === 'unknown_outcome') introLeft(draft, part.message.seq)
  for (const { message } of lost) {
    const isGivenUp = message.seq === part.message.seq
    const status = !isGivenUp ? 'cancelled' : reason === 'unknown_outcome' ? 'unknown' : 'failed'
    rewrite(draft, changed(message, { status, reason }))
  }
  partLeft(draft)
}

function replace(draft: Draft, part: OpenPart): void {
  const { parts } = draft.state.outbox
  patchOutbox(draft, { parts: parts.map((each) => (each.message.seq === part.message.seq ? part : each)) })
}
