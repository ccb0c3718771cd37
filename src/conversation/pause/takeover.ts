import type { Policy } from '../channel.js'
import { judgedAt } from '../echo/expected-echoes.js'
import { endFlagsSince } from '../echo/flags.js'
import { cutOffSpokenRun } from '../echo/spoken-runs.js'
import type { Handover } from '../event.js'
import { personDidNotIntervene, personIntervened } from '../outbox/intro.js'
import { dropParts, putPartsBack, setPartsAside } from '../outbox/outbox.js'
import { notAsked, whySilent } from '../question/why-not-asked.js'
import { type Draft, rewrite } from '../state/draft.js'
import type { Message } from '../state/message.js'
import { type Cause, kept, type PauseReason } from '../state/state.js'
import { isOneOf } from '../text/words.js'
import { endOf, givenBack, setAside, withCause, withoutCause, withoutCauses } from './pause.js'

/** A person takes the conversation, gives it back, or turns out never to have been there. */

/** Echoes overtake each other: one this much older than the hand-back was written before it. */
const HAND_BACK_SLACK_MS = 2_000

/**
 * Their word silences the bot, unless it is the sign that hands the conversation back to it. `since` is when it was heard,
 * where that is only now known to have been a person's word.
 */
export function personSpoke(
  draft: Draft,
  message: Message,
  reason: 'human_echo' | 'support_message',
  policy: Policy,
  now: number,
  since = now,
): void {
  if (isOneOf(message.text, policy.resumeWords)) {
    // What silenced the bot later still does.
    if (!draft.state.causes.some((cause) => cause.at > since)) handBack(draft, judgedAt(message.at, since))
    return
  }
  personIntervened(draft, message)
  silenceBot(draft, { reason, forMs: policy.pauseMs, seq: message.seq, note: null, since }, policy, now)
}

export interface Silence {
  readonly reason: PauseReason
  readonly forMs: number
  readonly seq: number
  readonly note: string | null
  /** When it began, where that is not now. */
  readonly since?: number
}

export function silenceBot(draft: Draft, cause: Silence, policy: Policy, now: number): void {
  const { reason, forMs, seq, note, since = now } = cause
  const until = endOf(since, forMs)
  if (until <= now) return
  const added: Cause = { until, reason, at: since, seq, note }
  draft.state = withCause(draft.state, added)
  for (const { message, leaves } of draft.state.outbox.parts) {
    if (message.status === 'sending' && leaves === 'while_on') draft.onTheWire += 1
  }
  const { run } = draft.state.asking
  const dropped = dropQuestions(draft, 'bot_paused', policy, now)
  // Where the assistant sends by itself, what it was asked may be answered already: asked again, it would be twice.
  const lastAsked = policy.assistantSends ? (run?.messages.at(-1)?.seq ?? 0) : 0
  for (const message of dropped) {
    if (message.seq > lastAsked) draft.state = setAside(draft.state, message, now)
  }
  setPartsAside(draft, dropParts(draft, policy, now), now)
}

/** Nobody waits for an answer any more: what is to be asked and what is being asked leaves the queue. */
export function dropQuestions(
  draft: Draft,
  reason: 'bot_paused' | 'conversation_closed',
  policy: Policy,
  now: number,
): readonly Message[] {
  const { waiting, asking } = draft.state
  const { run } = asking
  // A person who goes on writing finds nothing to drop, and that is on the webhook's path.
  const isIdle = run === null && asking.share === null && asking.attempts === 0 && asking.heldSince === 0
  if (waiting.length === 0 && isIdle) return NOTHING
  const held = asking.share === null ? [] : [asking.share.message]
  const asked = run === null ? [] : run.messages.filter(({ deletedAt }) => deletedAt === 0)
  const questions = [...asked, ...waiting, ...held].sort((a, b) => a.seq - b.seq)
  const dropped = questions.map((message): Message => ({ ...message, status: 'skipped', reason }))
  for (const message of dropped) rewrite(draft, message)
  draft.state = notAsked({ ...draft.state, waiting: kept(waiting, none) }, questions)
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

/** Whether a person's echo of that time still takes the conversation, or was overtaken by its hand-back. */
export function takesOver(draft: Draft, echoAt: number): boolean {
  return echoAt === 0 || echoAt >= draft.state.resumedAt - HAND_BACK_SLACK_MS
}

/** Meta's thread goes from app to app: what is not ours the bot stays out of. */
export function changeHands(draft: Draft, event: Handover, policy: Policy, now: number): void {
  const { newOwner, how, at } = event
  // Meta tells the app that gets a thread, and the one that loses it: without an id, the way it went says which we are.
  const isOurs = newOwner === null || policy.ownApps.size === 0 ? how === 'passed' : policy.ownApps.has(newOwner)
  if (isOurs) handBack(draft, now)
  else if (takesOver(draft, at))
    silenceBot(draft, { reason: 'handover', forMs: policy.pauseMs, seq: 0, note: null }, policy, now)
}

/** `at` is when it was said: a person's next word may have been heard of in the same moment. */
export function handBack(draft: Draft, at: number): void {
  draft.state = { ...withoutCauses(draft.state), resumedAt: Math.max(draft.state.resumedAt, at) }
}

/** Late evidence: the message that silenced the bot was not a person's. What it kept back is asked and sent after all. */
export function undoTakeover(draft: Draft, seq: number, policy: Policy, now: number): void {
  personDidNotIntervene(draft, seq)
  if (!draft.state.causes.some((cause) => cause.seq === seq)) return
  draft.state = withoutCause(draft.state, seq)
  if (whySilent(draft.state, policy, now) !== null) return
  const back = givenBack(draft.state, now).map((message): Message => ({ ...message, status: 'received', reason: null }))
  draft.records.push(...back)
  draft.state = {
    ...draft.state,
    setAside: kept(draft.state.setAside, none),
    waiting: [...draft.state.waiting, ...back].sort((a, b) => a.seq - b.seq),
  }
  putPartsBack(draft, now)
}

const NOTHING: readonly never[] = Object.freeze([])
const none = () => false
