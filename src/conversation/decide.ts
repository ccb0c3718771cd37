import type { Policy } from './channel.js'
import { hearRun } from './echo/displaced.js'
import { hearEcho, hearReport } from './echo/record-echo.js'
import { ownAnswer } from './echo/who-wrote.js'
import type { BotSwitch, DeadLetterOrder, Event, Mark, OutgoingMessage, ProfileFound, StateSwitch } from './event.js'
import { raiseFlag } from './expected/flags.js'
import { dueAt } from './next-step.js'
import { NO_NOTICES, type Notice, noticesOf } from './notices.js'
import { deadLetter, discard, redrive } from './outbox/dead-letters.js'
import { dropParts } from './outbox/outbox.js'
import { openByReaction } from './outbox/window.js'
import { whySilent } from './pause/why-silent.js'
import { hearCustomer, hearSignal } from './question/customer-message.js'
import { beatRun, mayRunMark } from './question/run.js'
import { endRun } from './question/run-end.js'
import { takeOutgoing } from './sending/outgoing.js'
import { endSending, startSending } from './sending/send-attempt.js'
import type { Draft } from './state/draft.js'
import { keepUntil } from './state/lifetimes.js'
import { authorOf, type Message } from './state/message.js'
import { applyEarly, correct, openWithSeq, rate, react, read, transcribe } from './state/message-change.js'
import { inOneShape } from './state/one-shape.js'
import { prune, withNothingAside } from './state/prune.js'
import { type Conversation, isSilent, type Profile } from './state/state.js'
import { changeHands, dropQuestions, resumeBot, silenceBot } from './takeover/takeover.js'
import { unreachable } from './text/unreachable.js'
import {
  changed,
  DONE,
  type ItemVerdict,
  item,
  type MarkVerdict,
  type OrderVerdict,
  type OutgoingVerdict,
  REFUSED,
  type ReportVerdict,
  type Verdict,
  type VerdictOf,
} from './verdict.js'
import { wake } from './wake.js'

/** What the store knows of the event and its message. */
export interface Known {
  /** The event was handled before. */
  readonly isSeen: boolean
  /** The message id belongs to a message of ours. */
  readonly isOurs: boolean
  readonly message: Message | null
}

/** Everything that an event changes, ready to be committed. */
export interface Decision<V = Verdict> {
  /** Null when nothing changed. */
  readonly state: Conversation | null
  /** New and changed messages, in the version that the history is to hold. */
  readonly records: readonly Message[]
  /** Events for WebSocket clients and notifications. */
  readonly notices: readonly Notice[]
  /** A message id that belongs to a message of ours from now on. */
  readonly ownId: string | null
  /** When the conversation must be woken next; FOREVER for never. */
  readonly dueAt: number
  /** The store must keep the state until then, however full it is and however long the conversation is silent. */
  readonly keepUntil: number
  /** Bot messages that had already been sent when a person took over. */
  readonly onTheWire: number
  readonly verdict: V
}

/**
 * Decides what an event changes; no other code changes a conversation. Pure: the same arguments give the same
 * decision.
 */
export function decide<E extends Event>(
  conversation: Conversation,
  event: E,
  known: Known,
  policy: Policy,
  now: number,
): Decision<VerdictOf<E>> {
  const draft: Draft = {
    policy,
    now,
    state: known.isSeen ? conversation : prune(conversation, policy, now),
    records: [],
    onTheWire: 0,
  }
  const verdict = known.isSeen ? handledBefore(event, known.message) : apply(draft, event, known)
  const isChanged = draft.state !== conversation
  const state = isChanged ? inOneShape(draft.state) : conversation
  return {
    state: isChanged ? state : null,
    records: draft.records,
    notices: isChanged ? noticesOf(conversation, state, draft.records) : NO_NOTICES,
    ownId: known.isSeen ? null : ownIdOf(event, known),
    dueAt: dueAt(state, policy),
    keepUntil: keepUntil(state, policy),
    onTheWire: draft.onTheWire,
    // `apply` returns the verdict that belongs to the event's kind, which the compiler cannot infer from the switch.
    verdict: verdict as VerdictOf<E>,
  }
}

function ownIdOf(event: Event, known: Known): string | null {
  if (event.is === 'reported') return known.message?.type === 'customer' ? null : event.mid
  return event.is === 'send_result' && event.end.is === 'sent' ? event.end.mid : null
}

function apply(draft: Draft, event: Event, known: Known): Verdict {
  const { message } = known
  switch (event.is) {
    case 'message': {
      const own = ownAnswer(draft.state, event, known, draft.policy, draft.now)
      if (own !== null) return apply(draft, own, known)
      const { message: said, combined } = hearCustomer(draft, event)
      const heard = applyEarly(draft, said)
      return { ...item('accepted', heard.outcome.reason, 'customer', null, heard), combined }
    }
    case 'echo': {
      const heard = hearEcho(draft, event, known)
      const said = heard.message === null ? null : applyEarly(draft, heard.message)
      const author = authorOf(heard.type)
      return heard.isOurs
        ? item('duplicate', 'own_message', author, heard.evidence, said)
        : item('accepted', null, author, heard.evidence, said)
    }
    case 'edit':
    case 'delete':
      return changed(correct(draft, event, message))
    case 'reaction':
      openByReaction(draft, event)
      if (message !== null) react(draft, event, message)
      return changed(message)
    case 'read':
      if (message !== null) read(draft, event, message)
      return changed(message)
    case 'signal':
      hearSignal(draft, event)
      return changed(null)
    case 'handover':
      changeHands(draft, event)
      return changed(null)
    case 'mark':
      return mark(draft, event)
    case 'reported': {
      const { message: sent, matched } = hearReport(draft, event, message)
      return { of: 'report', outcome: 'accepted', author: authorOf(sent.type), message: sent, matched }
    }
    case 'outgoing':
      return outgoing(draft, event)
    case 'wake':
      return wake(draft, event)
    case 'send':
      return { of: 'send', leaving: startSending(draft, event) }
    case 'send_result':
      endSending(draft, event)
      return DONE
    case 'bot':
      switchBot(draft, event)
      return DONE
    case 'state':
      switchState(draft, event)
      return DONE
    case 'run_beat': {
      const isWanted = beatRun(draft, event.runId, event.names)
      hearRun(draft, event)
      return isWanted ? DONE : REFUSED
    }
    case 'run_end': {
      const isWanted = endRun(draft, event)
      hearRun(draft, event)
      return isWanted ? DONE : REFUSED
    }
    case 'redrive':
    case 'discard':
      return orderDeadLetter(draft, event)
    case 'feedback':
      if (message === null || message.type === 'customer') return { of: 'feedback', message: null }
      return { of: 'feedback', message: rate(draft, event, message) }
    case 'transcribed': {
      const heard = openWithSeq(draft.state, event.seq) ?? message
      if (heard === null || heard.type !== 'customer') return REFUSED
      transcribe(draft, event, heard)
      return DONE
    }
    case 'profile':
      // The customer was erased meanwhile: the event must not create the conversation again.
      if (isSilent(draft.state)) return REFUSED
      draft.state = { ...draft.state, profile: profileOf(draft, event) }
      return DONE
    default:
      return unreachable(event)
  }
}

function mark(draft: Draft, event: Mark): MarkVerdict {
  const { policy, now } = draft
  const proceed = whySilent(draft.state, policy, now) === null
  const isPlain = event.text === null && event.count === null
  const isNeeded = !isPlain || !mayRunMark(draft.state, proceed, policy, now)
  const { state, outcome } = raiseFlag(draft.state, event, { proceed, isNeeded, flagTtlMs: policy.flagTtlMs }, now)
  draft.state = state
  return { of: 'mark', flag: outcome, proceed }
}

function switchBot(draft: Draft, event: BotSwitch): void {
  const { now } = draft
  // What the operator sees is handed back, whatever the clocks of Meta and of other replicas say.
  if (event.enabled) resumeBot(draft, now)
  else silenceBot(draft, { reason: 'api', forMs: event.forMs, seq: 0, note: event.note })
}

function switchState(draft: Draft, event: StateSwitch): void {
  const { now } = draft
  if (event.open) {
    if (draft.state.closedAt > 0) draft.state = { ...draft.state, closedAt: 0 }
    return
  }
  draft.state = withNothingAside({ ...draft.state, closedAt: draft.state.closedAt || now })
  dropQuestions(draft, 'conversation_closed')
  dropParts(draft)
}

/** A failed fetch keeps the profile that was known before. */
function profileOf({ state, now }: Draft, { found }: ProfileFound): Profile {
  return found === null ? { ...state.profile, at: now } : { ...found, at: now, isKnown: true }
}

function outgoing(draft: Draft, event: OutgoingMessage): OutgoingVerdict {
  const taken = takeOutgoing(draft, event)
  if (taken.is !== 'taken') return { of: 'outgoing', outcome: 'refused', because: taken.is }
  const { seq, reason } = taken.post
  return { of: 'outgoing', outcome: taken.isRepeat ? 'duplicate' : 'accepted', seq, reason }
}

function orderDeadLetter(draft: Draft, event: DeadLetterOrder): OrderVerdict {
  const letter = deadLetter(draft.state, event.seq)
  if (letter === null) return REFUSED
  if (event.is === 'redrive') redrive(draft, letter)
  else discard(draft, letter)
  return DONE
}

/** The verdict of a repeat: only webhook items and keyed reports can arrive twice. */
function handledBefore(event: Event, message: Message | null): ItemVerdict | ReportVerdict {
  const author = message !== null ? authorOf(message.type) : event.is === 'message' ? 'customer' : null
  if (event.is !== 'reported') return item('duplicate', null, author, null, message)
  return { of: 'report', outcome: 'duplicate', author, message, matched: (message?.origin.evidence ?? null) !== null }
}
