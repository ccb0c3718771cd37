import type { Handover } from '../event.js'
import { judgedAt } from '../expected/expected-echoes.js'
import { endFlagsSince } from '../expected/flags.js'
import { cutOffSpokenRun } from '../expected/spoken-runs.js'
import { personIntervened } from '../outbox/intro.js'
import { dropParts, setPartsAside } from '../outbox/outbox.js'
import { endOf, setAside, withCause, withoutCauses } from '../pause/pause.js'
import { notAsked } from '../state/asked-texts.js'
import { changed } from '../state/changed.js'
import { type Draft, rewrite } from '../state/draft.js'
import type { Message } from '../state/message.js'
import { NONE } from '../state/none.js'
import { type Cause, type Conversation, kept, type PauseReason } from '../state/state.js'
import { isOneOf } from '../text/words.js'

/** Takeovers: a person takes the conversation, or hands it back. */

/** Echoes arrive out of order: one this much older than the hand-back was written before it. */
const HAND_BACK_SLACK_MS = 2_000

/**
 * A person's message pauses the bot, or hands the conversation back if it is the hand-back sign. `since`: when the
 * message came, if it is only now known to be a person's.
 */
export function personSpoke(
  draft: Draft,
  message: Message,
  reason: 'human_echo' | 'support_message',
  since = draft.now,
): void {
  const { policy } = draft
  if (isOneOf(message.text, policy.resumeWords)) {
    handBack(draft, judgedAt(message.at, since))
    return
  }
  personIntervened(draft, message)
  silenceBot(draft, { reason, forMs: policy.pauseMs, seq: message.seq, note: null, since })
}

export interface Silence {
  readonly reason: PauseReason
  readonly forMs: number
  readonly seq: number
  readonly note: string | null
  /** When the takeover began, if that is not now. */
  readonly since?: number
}

export function silenceBot(draft: Draft, cause: Silence): void {
  const { policy, now } = draft
  const { reason, forMs, seq, note, since = now } = cause
  const until = endOf(since, forMs)
  if (until <= now) return
  const added: Cause = { until, reason, at: since, seq, note }
  draft.state = withCause(draft.state, added)
  for (const { message, leaves } of draft.state.outbox.parts) {
    if (message.status === 'sending' && leaves === 'while_on') draft.onTheWire += 1
  }
  const { run } = draft.state.asking
  const dropped = dropQuestions(draft, 'bot_paused')
  // When the assistant sends by itself, the question under way may be answered already: asked again, the customer would
  // get two answers.
  const lastAsked = policy.assistantSends ? (run?.messages.at(-1)?.seq ?? 0) : 0
  for (const message of dropped) {
    if (message.seq > lastAsked) draft.state = setAside(draft.state, message, now)
  }
  setPartsAside(draft, dropParts(draft))
}

/** Removes the questions that wait and the run under way: nobody wants their answer any more. */
export function dropQuestions(
  draft: Draft,
  reason: 'bot_paused' | 'conversation_closed' | 'answered',
): readonly Message[] {
  const { policy, now } = draft
  const { waiting, asking } = draft.state
  const { run } = asking
  // A person's further messages find nothing to remove; this check keeps the webhook's path short.
  const isIdle = run === null && asking.share === null && asking.attempts === 0 && asking.heldSince === 0
  if (waiting.length === 0 && isIdle) return NONE
  const held = asking.share === null ? [] : [asking.share.message]
  const asked = run === null ? [] : run.messages.filter(({ outcome }) => outcome.deletedAt === 0)
  const questions = [...asked, ...waiting, ...held].sort((a, b) => a.seq - b.seq)
  const dropped = questions.map((message) => changed(message, { status: 'skipped', reason }))
  for (const message of dropped) rewrite(draft, message)
  draft.state = notAsked({ ...draft.state, waiting: NONE }, questions)
  if (!isIdle) {
    const cutOffUntil = run === null ? asking.cutOffUntil : run.startedAt + policy.difyTimeoutMs
    const idle = { ...asking, run: null, share: null, attempts: 0, heldSince: 0, cutOffUntil }
    draft.state = { ...draft.state, asking: idle }
  }
  if (run !== null) {
    const { startedAt } = run
    draft.state = cutOffSpokenRun(
      endFlagsSince(draft.state, startedAt, now + policy.flagTailMs),
      startedAt,
      policy,
      now,
    )
  }
  return dropped
}

/** Whether a person's echo of that time takes the conversation over; not if it was written before the hand-back. */
export function takesOver(draft: Draft, echoAt: number): boolean {
  return echoAt === 0 || echoAt >= draft.state.resumedAt - HAND_BACK_SLACK_MS
}

/** The thread moved to another app or back to ours: while another app has it, the bot is paused. */
export function changeHands(draft: Draft, event: Handover): void {
  const { policy, now } = draft
  const { newOwner, how, at } = event
  // Meta notifies the app that gets a thread and the one that loses it. Without an owner's id `passed` means to us,
  // `taken` means from us.
  const isOurs = newOwner === null || policy.ownApps.size === 0 ? how === 'passed' : policy.ownApps.has(newOwner)
  const since = judgedAt(at, now)
  if (isOurs) handBack(draft, since)
  else if (takesOver(draft, at))
    silenceBot(draft, { reason: 'handover', forMs: policy.pauseMs, seq: 0, note: null, since })
}

/**
 * `at` is when the hand-back was written. Pauses that began after it remain: it may arrive after what a person wrote
 * next.
 */
export function handBack(draft: Draft, at: number): void {
  const { state } = draft
  const later = kept(state.causes, (cause) => beganAt(state, cause) > at)
  if (later.length === 0) resumeBot(draft, at)
  else draft.state = { ...state, causes: later, resumedAt: Math.max(state.resumedAt, at) }
}

/** Ends every pause. */
export function resumeBot(draft: Draft, at: number): void {
  draft.state = { ...withoutCauses(draft.state), resumedAt: Math.max(draft.state.resumedAt, at) }
}

/** When the message was written that caused the pause, where that is still known: it may have arrived later. */
function beganAt({ unclaimed }: Conversation, cause: Cause): number {
  return unclaimed.find(({ message }) => message.seq === cause.seq)?.message.at ?? cause.at
}
