import type { Channel } from '../conversation/channel.js'
import type { RunEnd } from '../conversation/event.js'
import type { Log } from './ports.js'
import type { AskOutcome, ReadAnswer } from './providers.js'

/** Turns the outcome of a run into the event for the conversation, with a failure's code for the log. */
export type RunEndOf = (outcome: Exclude<AskOutcome, { readonly is: 'cancelled' }>, channel: Channel) => CodedEnd

export type CodedEnd =
  | Extract<RunEnd['end'], { readonly is: 'answer' | 'handoff' }>
  | (Exclude<RunEnd['end'], { readonly is: 'answer' | 'handoff' }> & { readonly code: string })

export function createRunEndOf({ readAnswer, log }: { readonly readAnswer: ReadAnswer; readonly log: Log }): RunEndOf {
  return (outcome, channel) => {
    if (outcome.is !== 'answer') return outcome
    try {
      const answer = readAnswer(outcome.said, channel)
      // An empty answer counts as a failure, except where the assistant sends by itself.
      const isEmpty = answer.pieces.length === 0 && !channel.policy.assistantSends
      return isEmpty ? failed('empty') : { is: 'answer', answer, conversationId: outcome.conversationId }
    } catch (error) {
      // The run must end here: otherwise it would be adopted and its answer parsed again for ever.
      log.error({ channel: channel.id, err: error }, 'could not make an answer fit for the customer')
      return failed('unreadable')
    }
  }
}

function failed(code: string): CodedEnd {
  return { is: 'failed', code, isWorthRetry: false }
}

export const CANCELLED: AskOutcome = { is: 'cancelled' }
export const TAKEN_BACK: AskOutcome = {
  is: 'not_started',
  code: 'taken_back',
  isWorthRetry: false,
  retryAfterMs: 0,
  isDown: false,
}
export const STANDS_STILL: AskOutcome = {
  is: 'not_started',
  code: 'stale',
  isWorthRetry: true,
  retryAfterMs: 0,
  isDown: false,
}
/** A failure in the router itself: the run may have begun. */
export const BROKEN: AskOutcome = { is: 'unknown', code: 'internal_error' }
