import { partsOf } from '../answer/parts.js'
import type { Policy } from '../channel.js'
import type { RunEnd } from '../event.js'
import { endFlagsSince } from '../expected/flags.js'
import { withoutSpokenRun } from '../expected/spoken-runs.js'
import { introduce } from '../outbox/intro.js'
import { queue } from '../outbox/outbox.js'
import { changed } from '../state/changed.js'
import { changeAsking, type Draft, rewrite } from '../state/draft.js'
import type { Run } from '../state/state.js'
import { handOff } from '../takeover/hand-off.js'
import { giveUp } from './give-up.js'
import { stillAsked } from './run.js'

/** The end of a run: its answer is queued, the question is asked again, or it is given up. */

const FIRST_RETRY_MS = 1_000
/** An upper bound for Dify's own waiting times: the customer is waiting. */
const LONGEST_RETRY_MS = 30_000

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
    const answerUnsent = !policy.assistantSends
    const answers = stillAsked(run).map((message) => changed(message, { status: 'processed', answerUnsent }))
    for (const message of answers) rewrite(draft, message)
    const restUntil = now + policy.cooldownMs
    const answeredUpTo = run.messages.at(-1)!.seq
    changeAsking(draft, { run: null, attempts: 0, restUntil, assistantId: end.conversationId, answeredUpTo })
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
  const { attempts } = draft.state.asking
  // Some versions of Dify hang for ever on a conversation that they have forgotten: the next question starts a new one.
  const isForgotten = end.is === 'unknown' && end.code === 'no_progress' && run.names.conversationId === null
  if (isForgotten) changeAsking(draft, { assistantId: null })
  if (isWorthRetry(end, policy) && attempts < policy.difyAttempts) {
    changeAsking(draft, { run: null, restUntil: retryAt(attempts, end, event.random, now) })
    draft.state = { ...draft.state, waiting: [...stillAsked(run), ...draft.state.waiting] }
    return true
  }
  changeAsking(draft, { run: null, attempts: 0, restUntil: now + policy.cooldownMs })
  giveUp(draft, stillAsked(run), end.is !== 'unknown')
  return true
}

/** The assistant hands over to a person: the bot is paused, and the question is left to the person. */
function handOffByAssistant(draft: Draft, run: Run, assistantId: string | null): void {
  const { policy, now } = draft
  const answeredUpTo = run.messages.at(-1)!.seq
  for (const message of stillAsked(run)) rewrite(draft, changed(message, { status: 'processed', answerUnsent: true }))
  const known = run.names.conversationId ?? draft.state.asking.assistantId
  changeAsking(draft, {
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
