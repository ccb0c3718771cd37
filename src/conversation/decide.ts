import type { Policy } from './channel.js'
import { hearCustomer, notePrompt } from './customer-message.js'
import { type Draft, dropWaiting } from './draft.js'
import type { BotSwitch, Event, Mark, StateSwitch } from './event.js'
import { pruneLedger, raiseFlag } from './ledger.js'
import { type Author, authorOf, type Evidence, type Message, type Reason } from './message.js'
import { edit, react, read, remove } from './message-change.js'
import { hearEcho, hearReport, pruneUnclaimed } from './our-side.js'
import { prunePause } from './pause.js'
import { type Conversation, kept } from './state.js'
import { handBack, silenceBot } from './takeover.js'
import { unreachable } from './unreachable.js'
import { whySilent } from './why-not-asked.js'

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
  readonly outcome: 'accepted' | 'duplicate'
  readonly reason: Reason | null
  readonly author: Author | null
  readonly evidence: Evidence | null
  readonly message: Message | null
  /** A mark raised a flag: it was no retry, and was not held back. */
  readonly raised: boolean
  /** The bot may answer here. */
  readonly proceed: boolean
  /** The reported message's echo had come already. */
  readonly matched: boolean
}

/** The one place where anything about a conversation is decided. Pure: same arguments, same decision. */
export function decide(conversation: Conversation, event: Event, known: Known, policy: Policy, now: number): Decision {
  if (known.isSeen) return { state: null, records: [], ownId: null, verdict: duplicate(event, known.message) }
  const draft: Draft = { state: prune(conversation, policy, now), records: [] }
  const verdict = apply(draft, event, known, policy, now)
  return {
    state: draft.state === conversation ? null : draft.state,
    records: draft.records,
    ownId: event.is === 'reported' && known.message?.type !== 'customer' ? event.mid : null,
    verdict,
  }
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
      return heard.isOurs ? { ...accepted(found), outcome: 'duplicate', reason: 'own_message' } : accepted(found)
    }
    case 'edit':
      if (message !== null) edit(draft, event, message, now)
      return accepted({ message })
    case 'delete':
      if (message !== null) remove(draft, event, message, now)
      return accepted({ message })
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
      return accepted({ author: authorOf(sent.type), evidence: sent.evidence, message: sent, matched })
    }
    case 'bot':
      switchBot(draft, event, now)
      return accepted({})
    case 'state':
      switchState(draft, event, now)
      return accepted({})
    case 'wake':
      return accepted({})
    default:
      return unreachable(event)
  }
}

function mark(draft: Draft, event: Mark, policy: Policy, now: number): Verdict {
  const proceed = whySilent(draft.state, policy, now) === null
  const { state, raised } = raiseFlag(draft.state, event, { proceed, flagTtlMs: policy.flagTtlMs }, now)
  draft.state = state
  return accepted({ proceed, raised })
}

function switchBot(draft: Draft, event: BotSwitch, now: number): void {
  if (event.enabled) handBack(draft, now)
  else silenceBot(draft, { reason: 'api', forMs: event.forMs, seq: 0, note: event.note }, now)
}

function switchState(draft: Draft, event: StateSwitch, now: number): void {
  if (event.open) {
    if (draft.state.closedAt > 0) draft.state = { ...draft.state, closedAt: 0 }
    return
  }
  dropWaiting(draft, 'conversation_closed')
  draft.state = {
    ...draft.state,
    closedAt: draft.state.closedAt || now,
    setAside: kept(draft.state.setAside, () => false),
  }
}

/** Whatever ran out since the last event goes first, so that no rule below meets it. */
function prune(conversation: Conversation, policy: Policy, now: number): Conversation {
  const unclaimed = pruneUnclaimed(conversation, policy.echoTtlMs, now)
  return prunePause(pruneLedger(unclaimed, policy, now), now)
}

function accepted(facts: Partial<Verdict>): Verdict {
  return {
    outcome: 'accepted',
    reason: facts.reason ?? null,
    author: facts.author ?? null,
    evidence: facts.evidence ?? null,
    message: facts.message ?? null,
    raised: facts.raised ?? false,
    proceed: facts.proceed ?? true,
    matched: facts.matched ?? false,
  }
}

function duplicate(event: Event, message: Message | null): Verdict {
  const author = message !== null ? authorOf(message.type) : event.is === 'message' ? 'customer' : null
  return { ...accepted({ author, message }), outcome: 'duplicate' }
}
