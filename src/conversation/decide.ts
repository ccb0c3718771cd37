import type { Policy } from './channel.js'
import { hearRun } from './echo/displaced.js'
import { type MarkOutcome, raiseFlag } from './echo/flags.js'
import { hearEcho, hearReport } from './echo/record-echo.js'
import type {
  BotSwitch,
  DeadLetterOrder,
  Event,
  Handover,
  Mark,
  OutgoingMessage,
  ProfileFound,
  StateSwitch,
  Wake,
} from './event.js'
import { nextStep } from './next-step.js'
import { deadLetter, discard, redrive } from './outbox/dead-letters.js'
import { dropParts } from './outbox/outbox.js'
import { takeOutgoing } from './outbox/outgoing.js'
import { endSending, endWaitForEcho, loseTrack, startSending } from './outbox/sending.js'
import { withNothingAside } from './pause/pause.js'
import { dropQuestions, handBack, silenceBot, takesOver } from './pause/takeover.js'
import { adoptRun, beatRun, endRun, mayRunMark, startRun } from './question/asking.js'
import { hearCustomer, notePrompt } from './question/customer-message.js'
import { letShareGo } from './question/shares.js'
import { whySilent } from './question/why-not-asked.js'
import type { Draft } from './state/draft.js'
import { type Author, authorOf, type Evidence, type Message, type Reason } from './state/message.js'
import { edit, openQuestion, react, read, remove } from './state/message-change.js'
import { prune } from './state/prune.js'
import { type Conversation, isSilent, type Part, type Profile, type Run } from './state/state.js'
import { unreachable } from './text/unreachable.js'

/** What the store knows of the event's message. */
export interface Known {
  /** This very event was handled before. */
  readonly isSeen: boolean
  /** Its id is that of a message of ours. */
  readonly isOurs: boolean
  readonly message: Message | null
}

export interface Decision {
  /** Null where nothing changed. */
  readonly state: Conversation | null
  /** Messages as the history shall hold them from now on, new ones included. */
  readonly records: readonly Message[]
  /** An id that is from now on known to be a message of ours. */
  readonly ownId: string | null
  readonly verdict: Verdict
}

/** What is told to whoever brought the event. */
export interface Verdict {
  /** Refused: it fits nothing that is there, and changes nothing. */
  readonly outcome: 'accepted' | 'duplicate' | 'refused'
  readonly reason: Reason | null
  readonly author: Author | null
  readonly evidence: Evidence | null
  readonly message: Message | null
  /** What a mark came to. */
  readonly flag: MarkOutcome | null
  /** The bot may answer here. */
  readonly proceed: boolean
  /** The reported message's echo had come already. */
  readonly matched: boolean
  /** What is to be done outside, now that it is decided. */
  readonly task: Task | null
  /** Messages of the bot that were on their way already when a person took over. */
  readonly onTheWire: number
  /** The `seq` of what was queued, or was under the same key before; 0 for none. */
  readonly queuedSeq: number
}

export type Task =
  | { readonly is: 'ask' | 'look_up'; readonly run: Run }
  | { readonly is: 'send'; readonly part: Part; readonly tag: string | null }

/** The one place where anything about a conversation is decided. Pure: same arguments, same decision. */
export function decide(conversation: Conversation, event: Event, known: Known, policy: Policy, now: number): Decision {
  if (known.isSeen) return { state: null, records: [], ownId: null, verdict: duplicate(event, known.message) }
  const draft: Draft = { state: prune(conversation, policy, now), records: [], onTheWire: 0 }
  const verdict = apply(draft, event, known, policy, now)
  return {
    state: draft.state === conversation ? null : draft.state,
    records: draft.records,
    ownId: ownIdOf(event, known),
    verdict,
  }
}

function ownIdOf(event: Event, known: Known): string | null {
  if (event.is === 'reported') return known.message?.type === 'customer' ? null : event.mid
  return event.is === 'send_result' && event.end.is === 'sent' ? event.end.mid : null
}

function apply(draft: Draft, event: Event, known: Known, policy: Policy, now: number): Verdict {
  const { message } = known
  switch (event.is) {
    case 'message': {
      const heard = hearCustomer(draft, event, policy, now)
      return accepted({ author: 'customer', reason: heard.reason, message: heard })
    }
    case 'echo': {
      const heard = hearEcho(draft, event, known, policy, now)
      const found = { author: authorOf(heard.type), evidence: heard.evidence, message: heard.message }
      return heard.isOurs
        ? { ...accepted({ ...found, onTheWire: draft.onTheWire }), outcome: 'duplicate', reason: 'own_message' }
        : accepted({ ...found, onTheWire: draft.onTheWire })
    }
    case 'edit': {
      const edited = message ?? openQuestion(draft.state, event.mid)
      if (edited !== null) edit(draft, event, edited, now)
      return accepted({ message: edited })
    }
    case 'delete': {
      const removed = message ?? openQuestion(draft.state, event.mid)
      if (removed !== null) remove(draft, event, removed, now)
      return accepted({ message: removed })
    }
    case 'reaction':
      if (message !== null) react(draft, event, message)
      return accepted({ message })
    case 'read':
      if (message !== null) read(draft, event, message, now)
      return accepted({ message })
    case 'signal':
      if (event.prompt) notePrompt(draft, event, now)
      return accepted({})
    case 'mark':
      return mark(draft, event, policy, now)
    case 'reported': {
      const { message: sent, matched } = hearReport(draft, event, message, policy, now)
      const { onTheWire } = draft
      return accepted({ author: authorOf(sent.type), evidence: sent.evidence, message: sent, matched, onTheWire })
    }
    case 'bot':
      switchBot(draft, event, policy, now)
      return accepted({ onTheWire: draft.onTheWire })
    case 'state':
      switchState(draft, event, policy, now)
      return accepted({})
    case 'wake':
      return wake(draft, event, policy, now)
    case 'send': {
      const leaving = startSending(draft, event.slotAt, policy, now)
      return accepted({ task: leaving === null ? null : { is: 'send', ...leaving } })
    }
    case 'send_result':
      endSending(draft, event, policy, now)
      return accepted({})
    case 'run_beat': {
      const isWanted = beatRun(draft, event.runId, event.names, now) !== null
      hearRun(draft, event, policy, now)
      return isWanted ? accepted({ onTheWire: draft.onTheWire }) : refused(null)
    }
    case 'run_end': {
      const isWanted = endRun(draft, event, policy, now)
      hearRun(draft, event, policy, now)
      return isWanted ? accepted({ onTheWire: draft.onTheWire }) : refused(null)
    }
    case 'outgoing':
      return outgoing(draft, event, policy, now)
    case 'redrive':
    case 'discard':
      return orderDeadLetter(draft, event, now)
    case 'handover':
      changeHands(draft, event, policy, now)
      return accepted({ onTheWire: draft.onTheWire })
    case 'profile':
      // Erased meanwhile: it must not come back by this.
      if (isSilent(draft.state)) return refused(null)
      draft.state = { ...draft.state, profile: profileOf(draft.state, event, now) }
      return accepted({})
    default:
      return unreachable(event)
  }
}

function mark(draft: Draft, event: Mark, policy: Policy, now: number): Verdict {
  const proceed = whySilent(draft.state, policy, now) === null
  const isPlain = event.text === null && event.count === null
  const isNeeded = !isPlain || !mayRunMark(draft.state, proceed, policy, now)
  const { state, outcome } = raiseFlag(draft.state, event, { proceed, isNeeded, flagTtlMs: policy.flagTtlMs }, now)
  draft.state = state
  return accepted({ proceed, flag: outcome })
}

function switchBot(draft: Draft, event: BotSwitch, policy: Policy, now: number): void {
  if (event.enabled) handBack(draft, now)
  else silenceBot(draft, { reason: 'api', forMs: event.forMs, seq: 0, note: event.note }, policy, now)
}

function switchState(draft: Draft, event: StateSwitch, policy: Policy, now: number): void {
  if (event.open) {
    if (draft.state.closedAt > 0) draft.state = { ...draft.state, closedAt: 0 }
    return
  }
  draft.state = withNothingAside({ ...draft.state, closedAt: draft.state.closedAt || now })
  dropQuestions(draft, 'conversation_closed', policy, now)
  dropParts(draft, policy, now)
}

/** What the time that has come was waited for. */
function wake(draft: Draft, event: Wake, policy: Policy, now: number): Verdict {
  const step = nextStep(draft.state, policy, now)
  switch (step.is) {
    case 'ask': {
      const run = startRun(draft, event, policy, now)
      return accepted({ task: run === null ? null : { is: 'ask', run } })
    }
    case 'let_go':
      return accepted({ message: letShareGo(draft) })
    case 'adopt':
      return accepted({ task: { is: 'look_up', run: adoptRun(draft, step.run, event.runId, now) } })
    case 'lose_track':
      loseTrack(draft, step.part, policy, now)
      return accepted({})
    case 'end_wait':
      endWaitForEcho(draft, step.part, policy, now)
      return accepted({})
    // What is over was taken out already; and what is to be sent needs its place in the channel's rate first.
    case 'resume':
    case 'forget':
    case 'send':
    case 'rest':
      return accepted({})
    default:
      return unreachable(step)
  }
}

/** Meta's thread goes from app to app: what is not ours the bot stays out of. */
function changeHands(draft: Draft, event: Handover, policy: Policy, now: number): void {
  const { newOwner, how, at } = event
  // Meta tells the app that gets a thread, and the one that loses it: without an id, the way it went says which we are.
  const isOurs = newOwner === null || policy.ownApps.size === 0 ? how === 'passed' : policy.ownApps.has(newOwner)
  if (isOurs) handBack(draft, now)
  else if (takesOver(draft, at))
    silenceBot(draft, { reason: 'handover', forMs: policy.pauseMs, seq: 0, note: null }, policy, now)
}

/** What was known before is better than nothing. */
function profileOf(state: Conversation, { found }: ProfileFound, now: number): Profile {
  return found === null ? { ...state.profile, at: now } : { ...found, at: now, isKnown: true }
}

function outgoing(draft: Draft, event: OutgoingMessage, policy: Policy, now: number): Verdict {
  const taken = takeOutgoing(draft, event, policy, now)
  if (taken.is !== 'taken') return refused(taken.is === 'too_many' ? 'too_many' : null)
  const { post, isRepeat } = taken
  const facts = { reason: post.reason, queuedSeq: post.seq, onTheWire: draft.onTheWire }
  return { ...accepted(facts), outcome: isRepeat ? 'duplicate' : 'accepted' }
}

function orderDeadLetter(draft: Draft, event: DeadLetterOrder, now: number): Verdict {
  const letter = deadLetter(draft.state, event.seq)
  if (letter === null) return refused(null)
  if (event.is === 'redrive') redrive(draft, letter, now)
  else discard(draft, letter)
  return accepted({})
}

function accepted(facts: Partial<Verdict>): Verdict {
  return {
    outcome: 'accepted',
    reason: facts.reason ?? null,
    author: facts.author ?? null,
    evidence: facts.evidence ?? null,
    message: facts.message ?? null,
    flag: facts.flag ?? null,
    proceed: facts.proceed ?? true,
    matched: facts.matched ?? false,
    task: facts.task ?? null,
    onTheWire: facts.onTheWire ?? 0,
    queuedSeq: facts.queuedSeq ?? 0,
  }
}

function refused(reason: Reason | null): Verdict {
  return { ...accepted({ reason }), outcome: 'refused' }
}

function duplicate(event: Event, message: Message | null): Verdict {
  const author = message !== null ? authorOf(message.type) : event.is === 'message' ? 'customer' : null
  const matched = event.is === 'reported' && message !== null && message.evidence !== null
  return { ...accepted({ author, message, matched }), outcome: 'duplicate' }
}
