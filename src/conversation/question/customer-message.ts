import { textAnswer } from '../answer/answer.js'
import type { Policy } from '../channel.js'
import type { CustomerMessage, Signal } from '../event.js'
import { judgedAt } from '../expected/expected-echoes.js'
import { queue } from '../outbox/outbox.js'
import { openByReferral } from '../outbox/window.js'
import { setAside } from '../pause/pause.js'
import { whySilent } from '../pause/why-silent.js'
import { withAskedText } from '../state/asked-texts.js'
import { CAPS } from '../state/caps.js'
import { append, type Draft, timeOf } from '../state/draft.js'
import type { Message, Reason } from '../state/message.js'
import { added, type Conversation } from '../state/state.js'
import { handOff, mayAnswer } from '../takeover/hand-off.js'
import { stretchAt } from '../text/hours.js'
import {
  holdShare,
  isBurstOpen,
  isLoneShare,
  newlyCombined,
  releaseShare,
  replaceShares,
  sharedIn,
  tieToShare,
} from './shares.js'
import { whyUnasked } from './why-not-asked.js'

export interface HeardMessage {
  readonly message: Message
  /** See ItemVerdict. */
  readonly combined: Message | null
}

/** Records a customer's message, and queues it to be asked unless a rule says otherwise. */
export function hearCustomer(draft: Draft, event: CustomerMessage): HeardMessage {
  const { policy, now } = draft
  const isBackfill = event.via === 'backfill'
  reopenIfDue(draft, isBackfill ? timeOf(event, now) : now)
  if (event.prompt) notePrompt(draft, event)
  if (event.fromAd) openByReferral(draft, event)
  const { state } = draft
  const silent = event.standby ? 'standby' : whySilent(state, policy, now)
  const unasked = whyUnasked(state, event, policy, now)
  const isHeld = isLoneShare(event, policy) && !isBurstOpen(state.waiting, policy, now)
  const reason: Reason | null = silent ?? unasked ?? (isHeld ? 'share_held' : null)
  const isOpen = reason === null || reason === 'share_held'
  const message = append(draft, event, {
    type: 'customer',
    status: isOpen ? 'received' : 'skipped',
    reason,
    evidence: null,
    source: null,
    fromApp: false,
  })
  // When the pause proves wrong, messages are heard that nothing else kept from it: questions, and the wish for a person.
  const isHeardLater = unasked === null || unasked === 'customer_request'
  if (silent === 'bot_paused' && isHeardLater) draft.state = setAside(draft.state, message, now)
  // Who wrote hours ago is not told now that the shop is closed, unless an answer follows.
  if (silent === null && (!isBackfill || reason === null)) sayAway(draft)
  switch (reason) {
    case null:
      return askWithShare(draft, message)
    case 'share_held':
      holdShare(draft, message)
      break
    case 'customer_request':
      handOff(draft, { reason: 'customer_request', seq: message.seq })
      break
    default:
  }
  return { message, combined: null }
}

/** The shop is closed: the customer is told once per closed stretch. */
function sayAway(draft: Draft): void {
  const { policy, now } = draft
  const text = policy.hours?.awayText ?? null
  if (policy.hours === null || text === null || !mayAnswer(policy)) return
  const { isOpen, since } = stretchAt(policy.hours, now)
  // A shop that never opens has one stretch without a beginning.
  const stretch = since || 1
  if (isOpen || draft.state.asking.awayFor === stretch) return
  draft.state = { ...draft.state, asking: { ...draft.state.asking, awayFor: stretch } }
  // Sent also while the bot is paused for a hand-off: such a customer needs to know it most.
  queue(draft, { type: 'AI', answer: textAnswer(text), leaves: 'as_farewell' })
}

/** A question takes along the post that waited for it; a post that comes with or right after its question joins it. */
function askWithShare(draft: Draft, message: Message): HeardMessage {
  const { policy } = draft
  const { waiting } = draft.state
  if (policy.platform === 'instagram' && sharedIn(message) !== null) replaceShares(draft)
  else {
    const share = releaseShare(draft)
    if (share !== null) {
      replaceShares(draft)
      draft.state = { ...draft.state, waiting: [...draft.state.waiting, share] }
    }
  }
  ask(draft, message)
  tieToShare(draft)
  const asked = draft.state.waiting.find(({ seq }) => seq === message.seq)!
  return { message: asked, combined: newlyCombined(waiting, draft.state.waiting) }
}

function ask(draft: Draft, message: Message): void {
  const { policy } = draft
  const state = newQuestion(draft.state, policy)
  // One more than the cap, for the post that it takes along.
  const waiting = added(state.waiting, message, CAPS.waiting + 1)
  const asked = withAskedText(state.asked, message)
  draft.state = { ...state, waiting, asked }
}

/** Resets the attempts when the messages of the failed attempts were all deleted. */
function newQuestion(state: Conversation, policy: Policy): Conversation {
  const { waiting, asking } = state
  const isAsked = asking.run !== null || waiting.some((each) => !isLoneShare(each, policy))
  if (isAsked || (asking.attempts === 0 && asking.heldSince === 0)) return state
  return { ...state, asking: { ...asking, attempts: 0, heldSince: 0 } }
}

/** The customer came through an ad or a link, without a message yet. */
export function hearSignal(draft: Draft, event: Signal): void {
  if (!event.prompt) return
  notePrompt(draft, event)
  openByReferral(draft, event)
}

/** The delay for Meta's instant reply counts from the newest prompt, in whatever order they arrive. */
export function notePrompt(draft: Draft, event: { readonly at: number }): void {
  const { now } = draft
  draft.state = { ...draft.state, promptAt: Math.max(draft.state.promptAt, judgedAt(event.at, now)) }
}

function reopenIfDue(draft: Draft, writtenAt: number): void {
  const { policy } = draft
  const { closedAt } = draft.state
  if (closedAt > 0 && writtenAt - closedAt >= policy.reopenAfterMs) draft.state = { ...draft.state, closedAt: 0 }
}
