import { partsOf } from '../answer/parts.js'
import type { Policy } from '../channel.js'
import { endFlagsSince } from '../echo/flags.js'
import { beginSpokenRun, renameSpokenRun, withoutSpokenRun } from '../echo/spoken-runs.js'
import type { RunEnd, Wake } from '../event.js'
import { introduce } from '../outbox/intro.js'
import { queue } from '../outbox/outbox.js'
import { silenceBot } from '../pause/takeover.js'
import { type Draft, rewrite } from '../state/draft.js'
import type { Message } from '../state/message.js'
import { type Asking, type Conversation, kept, NO_NAMES, type Run, type RunNames } from '../state/state.js'
import { handOff } from './hand-off.js'
import { holdWhatIsLeft } from './shares.js'
import { notAsked, whySilent } from './why-not-asked.js'

/** Questions: from a customer's burst of messages to the assistant's answer. */

/** More than three heartbeats of the run's process; after a crash the run is adopted this much later. */
const RUN_LEASE_MS = 8_000
const FIRST_RETRY_MS = 1_000
/** An upper bound for Dify's own waiting times: the customer is waiting. */
const LONGEST_RETRY_MS = 30_000
/** How long a question waits for an assistant that is down: twice the circuit's longest rest. */
const LONGEST_HOLD_MS = 60_000

/**
 * Whether marks may come from a run whose answer the router sends: it is under way, is about to be retried, or was
 * cut off by a takeover that Dify learns of a moment later.
 */
export function mayRunMark(state: Conversation, proceed: boolean, policy: Policy, now: number): boolean {
  if (!policy.hasAssistant || policy.assistantSends) return false
  const { run, attempts, cutOffUntil } = state.asking
  return run !== null || (attempts > 0 && state.waiting.length > 0) || (!proceed && now < cutOffUntil)
}

/** Starts the run; null when nothing may be asked now. */
export function startRun(draft: Draft, event: Wake): Run | null {
  const { state, policy, now } = draft
  const silent = whySilent(state, policy, now)
  if (silent !== null || !policy.hasAssistant) {
    skip(draft, state.waiting, silent ?? 'no_assistant')
    draft.state = { ...draft.state, waiting: kept(state.waiting, none) }
    return null
  }
  if (holdWhatIsLeft(draft)) return null
  if (event.assistantFreeAt > now) {
    hold(draft, event)
    return null
  }
  const run: Run = {
    id: event.runId,
    messages: state.waiting,
    startedAt: now,
    leaseUntil: now + RUN_LEASE_MS,
    names: NO_NAMES,
  }
  draft.state = {
    ...state,
    waiting: kept(state.waiting, none),
    asking: { ...state.asking, run, attempts: state.asking.attempts + 1, heldSince: 0, cutOffUntil: 0 },
  }
  if (policy.assistantSends) draft.state = beginSpokenRun(draft.state, run)
  return run
}

/** The assistant cannot take questions now. Those that have waited too long for it are given up. */
function hold(draft: Draft, event: Wake): void {
  const { now } = draft
  const { waiting, asking } = draft.state
  const heldSince = asking.heldSince || now
  if (!event.isAssistantDown || now - heldSince < LONGEST_HOLD_MS) {
    patch(draft, { restUntil: event.assistantFreeAt, heldSince: event.isAssistantDown ? heldSince : 0 })
    return
  }
  draft.state = { ...draft.state, waiting: kept(waiting, none) }
  giveUp(draft, waiting, true)
}

/** The run's process died: this process adopts the run and looks its outcome up. */
export function adoptRun(draft: Draft, run: Run, runId: string): Run {
  const { now } = draft
  const adopted: Run = { ...run, id: runId, leaseUntil: now + RUN_LEASE_MS }
  patch(draft, { run: adopted })
  draft.state = renameSpokenRun(draft.state, run.startedAt, runId)
  return adopted
}

/** The heartbeat of a run, which may bring its ids at Dify. */
export function beatRun(draft: Draft, runId: string, names: RunNames): Run | null {
  const { now } = draft
  const { run } = draft.state.asking
  if (run === null || run.id !== runId) return null
  const beaten: Run = { ...run, names, leaseUntil: now + RUN_LEASE_MS }
  patch(draft, { run: beaten })
  return beaten
}

/**
 * False when the run does not belong to the conversation any more: a person took over, or another process adopted it.
 */
export function endRun(draft: Draft, event: RunEnd): boolean {
  const { policy, now } = draft
  const { run } = draft.state.asking
  if (run === null || run.id !== event.runId) return false
  const { end } = event
  const isAnswer = end.is === 'answer' && (policy.assistantSends || partsOf(end.answer, policy.platform).length > 0)
  if (isAnswer) {
    const answers = asked(run).map(
      (message): Message => ({ ...message, status: 'processed', answerUnsent: !policy.assistantSends }),
    )
    for (const message of answers) rewrite(draft, message)
    const restUntil = now + policy.cooldownMs
    const answeredUpTo = run.messages.at(-1)!.seq
    patch(draft, { run: null, attempts: 0, restUntil, assistantId: end.conversationId, answeredUpTo })
    if (!policy.assistantSends) {
      introduce(draft)
      const said = {
        type: 'AI',
        answer: end.answer,
        leaves: 'while_on',
        answerId: run.names.messageId,
        answers,
      } as const
      queue(draft, said)
    }
    return true
  }
  draft.state = endFlagsSince(draft.state, run.startedAt, now + policy.flagTailMs)
  if (end.is === 'handoff') {
    handOffByAssistant(draft, run, end.conversationId)
    return true
  }
  if (end.is === 'not_started') draft.state = withoutSpokenRun(draft.state, run.startedAt)
  const { attempts, assistantId } = draft.state.asking
  if (isWorthRetry(end, policy) && attempts < policy.difyAttempts) {
    // Some versions of Dify hang for ever on a conversation that they have forgotten: the retry starts a new one.
    const isForgotten = end.is === 'unknown' && end.code === 'no_progress' && run.names.conversationId === null
    patch(draft, {
      run: null,
      restUntil: retryAt(attempts, end, event.random, now),
      assistantId: isForgotten ? null : assistantId,
    })
    draft.state = { ...draft.state, waiting: [...asked(run), ...draft.state.waiting] }
    return true
  }
  patch(draft, { run: null, attempts: 0, restUntil: now + policy.cooldownMs })
  giveUp(draft, asked(run), end.is !== 'unknown')
  return true
}

/** The assistant hands over to a person: the bot is paused, and the question is left to the person. */
function handOffByAssistant(draft: Draft, run: Run, assistantId: string | null): void {
  const { policy, now } = draft
  const answeredUpTo = run.messages.at(-1)!.seq
  for (const message of asked(run)) rewrite(draft, { ...message, status: 'processed', answerUnsent: true })
  const known = run.names.conversationId ?? draft.state.asking.assistantId
  patch(draft, {
    run: null,
    attempts: 0,
    restUntil: now + policy.cooldownMs,
    assistantId: assistantId ?? known,
    answeredUpTo,
  })
  handOff(draft, { reason: 'assistant', seq: answeredUpTo })
}

/**
 * A run that may have started is not retried when the assistant sends by itself: the customer could get two answers.
 */
function isWorthRetry(end: RunEnd['end'], policy: Policy): boolean {
  switch (end.is) {
    case 'not_started':
      return end.isWorthRetry
    case 'failed':
      return end.isWorthRetry && !policy.assistantSends
    case 'unknown':
      return !policy.assistantSends
    default:
      return false
  }
}

function retryAt(attempts: number, end: RunEnd['end'], random: number, now: number): number {
  const backoff = FIRST_RETRY_MS * 2 ** (attempts - 1) * (0.5 + random)
  const asked = end.is === 'not_started' ? end.retryAfterMs : 0
  return now + Math.min(Math.max(backoff, asked), LONGEST_RETRY_MS)
}

/** The question failed for good. `isCertain` is false when Dify may still send an answer by itself. */
function giveUp(draft: Draft, messages: readonly Message[], isCertain: boolean): void {
  const { policy } = draft
  skip(draft, messages, 'assistant_failed')
  patch(draft, { attempts: 0, heldSince: 0 })
  const answer = policy.fallback
  const maySpeak = policy.canSend && (isCertain || !policy.assistantSends)
  if (answer !== null && maySpeak) queue(draft, { type: 'AI', answer, leaves: 'as_farewell' })
  if (!policy.pauseOnFailure) return
  silenceBot(draft, { reason: 'assistant_failed', forMs: policy.pauseMs, seq: 0, note: null })
}

function skip(draft: Draft, messages: readonly Message[], reason: Message['reason']): void {
  for (const message of messages) rewrite(draft, { ...message, status: 'skipped', reason })
  draft.state = notAsked(draft.state, messages)
}

/** Without the messages that the customer deleted meanwhile. */
function asked(run: Run): readonly Message[] {
  return run.messages.filter((message) => message.deletedAt === 0)
}

function patch(draft: Draft, changes: Partial<Asking>): void {
  draft.state = { ...draft.state, asking: { ...draft.state.asking, ...changes } }
}

const none = () => false
