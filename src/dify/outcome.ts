import { withoutReasoning } from '../conversation/answer/reasoning.js'
import type { AskOutcome, AskReply, Said } from '../engine/providers.js'
import type { JsonObject } from '../json.js'
import { parseRetryAfter } from '../retry-after.js'
import { numberIn, textIn } from './json.js'
import { saidIn } from './outputs.js'

/** Translates Dify's answers, errors and time-outs into outcomes of a question. */

/** The limit of any text of the router. */
export const LONGEST_ANSWER = 20_000
export const LONGEST_WITH_REASONING = 400_000

export const TOO_LARGE: AskOutcome = { is: 'failed', code: 'too_large', isWorthRetry: false }
export const CANCELLED: AskOutcome = { is: 'cancelled' }
export const STALE: AskReply = { is: 'stale' }

export function unknown(code: string): AskOutcome {
  return { is: 'unknown', code }
}

export function failed(code: string): AskOutcome {
  return { is: 'failed', code, isWorthRetry: false }
}

/** The run waits for a person. */
export function handoff(conversationId: string | null): AskOutcome {
  return { is: 'handoff', conversationId }
}

export function answered(said: Said, conversationId: string | null): AskOutcome {
  return isTooLong(said.text) ? TOO_LARGE : { is: 'answer', said, conversationId }
}

/** A model's reasoning may be longer than any answer. */
export function isTooLong(text: string): boolean {
  if (text.length <= LONGEST_ANSWER) return false
  return text.length > LONGEST_WITH_REASONING || withoutReasoning(text).length > LONGEST_ANSWER
}

/** The outcome of a workflow's run; null while it continues. */
export function outcomeOfRun(run: JsonObject, streamed: string): AskOutcome | null {
  const status = textIn(run, 'status')
  if (status !== 'succeeded' && status !== 'partial-succeeded') return failureOfRun(run)
  return answered(saidIn(run['outputs'], streamed), null)
}

export function failureOfRun(run: JsonObject): AskOutcome | null {
  switch (textIn(run, 'status')) {
    case 'failed':
      return failed('workflow_failed')
    case 'stopped':
      return failed('workflow_stopped')
    case 'paused':
      return handoff(null)
    default:
      return null
  }
}

/** The outcome of an `error` event, which comes inside a stream that began with 200. */
export function outcomeOfError(event: JsonObject): AskOutcome {
  const code = difyCode(event) ?? 'error'
  const status = numberIn(event, 'status')
  return { is: 'failed', code, isWorthRetry: code === 'too_many_requests' || status === 429 || status === 500 }
}

/** The outcome of a status that is not 2xx. */
export function outcomeOfStatus(status: number, body: JsonObject | null, retryAfterMs: number): AskOutcome {
  const code = (body === null ? null : difyCode(body)) ?? `http_${status}`
  if (status < 500) {
    return { is: 'not_started', code, isWorthRetry: status === 429, retryAfterMs, isDown: false }
  }
  // Other gateway errors do not tell whether Dify received the question.
  if (status !== 500 && status !== 503) return unknown(code)
  return { is: 'not_started', code, isWorthRetry: true, retryAfterMs, isDown: true }
}

/** The request was never sent: there was no connection, or the request was invalid. */
export function outcomeOfUnsent(code: string): AskOutcome {
  // These say nothing about Dify: the settings are invalid, or this process is closing.
  const isOurs = code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_DESTROYED'
  const isWorthRetry = code !== 'UND_ERR_INVALID_ARG'
  return { is: 'not_started', code, isWorthRetry, retryAfterMs: 0, isDown: !isOurs }
}

export function codeOfFailure(error: Error): string {
  return safe((error as { readonly code?: unknown }).code)
}

/** Milliseconds until the time given by `Retry-After`; 0 when there are several. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number {
  return typeof header === 'string' ? parseRetryAfter(header, now) : 0
}

function difyCode(body: JsonObject): string | null {
  return 'code' in body ? safe(body['code']) : null
}

/**
 * Codes go into logs, metrics and the history: text that does not look like a code is dropped, since it could be a
 * customer's.
 */
function safe(code: unknown): string {
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : 'error'
}
