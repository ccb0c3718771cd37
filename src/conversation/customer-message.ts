import type { Policy } from './channel.js'
import { append, type Draft } from './draft.js'
import type { CustomerMessage } from './event.js'
import { judgedAt } from './ledger.js'
import type { Message, Reason } from './message.js'
import { setAside } from './pause.js'
import { added, type Conversation, kept } from './state.js'
import { sameTextKey } from './text.js'
import { MOST_WAITING, whySilent, whyUnasked } from './why-not-asked.js'

const MOST_ASKED_TEXTS = 10

/** A customer wrote: it goes into the history, and into the queue of what to ask unless something speaks against it. */
export function hearCustomer(draft: Draft, event: CustomerMessage, policy: Policy, now: number): Message {
  reopenIfDue(draft, policy, now)
  if (event.prompt) notePrompt(draft, event, now)
  const { state } = draft
  const silent = event.standby ? 'standby' : whySilent(state, policy, now)
  const unasked = whyUnasked(state, event, policy, now)
  const reason: Reason | null = silent ?? unasked
  const message = append(
    draft,
    event,
    {
      type: 'customer',
      status: reason === null ? 'received' : 'skipped',
      reason,
      evidence: null,
      source: null,
      fromApp: false,
    },
    now,
  )
  if (reason === null) ask(draft, message, policy, now)
  // Only what the pause alone kept from being asked may come back with it.
  else if (silent === 'bot_paused' && unasked === null) draft.state = setAside(draft.state, message, now)
  return message
}

function ask(draft: Draft, message: Message, policy: Policy, now: number): void {
  const state = newQuestion(draft.state)
  const waiting = added(state.waiting, message, MOST_WAITING)
  if (message.text === null) {
    draft.state = { ...state, waiting }
    return
  }
  const asked = kept(state.asked, (each) => now - each.at < policy.repeatWindowMs)
  draft.state = {
    ...state,
    waiting,
    asked: added(asked, { text: sameTextKey(message.text), at: now }, MOST_ASKED_TEXTS),
  }
}

/** What was asked in vain before was taken back meanwhile. */
function newQuestion(state: Conversation): Conversation {
  const { waiting, asking } = state
  if (waiting.length > 0 || asking.run !== null || (asking.attempts === 0 && asking.heldSince === 0)) return state
  return { ...state, asking: { ...asking, attempts: 0, heldSince: 0 } }
}

/** After a word of ours the customer may ask the same again. */
export function weSpoke(state: Conversation): Conversation {
  return state.asked.length === 0 ? state : { ...state, asked: kept(state.asked, () => false) }
}

/** Meta's instant reply counts from the newest prompt, in whatever order they arrive. */
export function notePrompt(draft: Draft, event: { readonly at: number }, now: number): void {
  draft.state = { ...draft.state, promptAt: Math.max(draft.state.promptAt, judgedAt(event.at, now)) }
}

function reopenIfDue(draft: Draft, policy: Policy, now: number): void {
  const { closedAt } = draft.state
  if (closedAt > 0 && now - closedAt >= policy.reopenAfterMs) draft.state = { ...draft.state, closedAt: 0 }
}
