import type { Outgoing, RefusedBecause, SendOutcome } from '../engine/providers.js'
import { isObject, type JsonObject } from '../json.js'
import { quoteBigIds } from './big-ids.js'
import { idAt } from './content.js'
import { errorOf, RATE_LIMITS } from './graph-error.js'
import { type Headers, restAsked, retryAfter } from './usage.js'

/** The reply to a Graph API request, or its loss. */
export type Reply =
  /** `body` is null when it exceeds the limit that is read. */
  | { readonly is: 'answer'; readonly status: number; readonly headers: Headers; readonly body: string | null }
  /** No complete response. `wentOut`: at least a part of the request may have reached the server. */
  | { readonly is: 'lost'; readonly code: string; readonly wentOut: boolean }

type Answer = Extract<Reply, { readonly is: 'answer' }>
type Verdict = 'later' | 'unknown' | RefusedBecause

const MOST_MID = 1_024
const ANOTHER_APP_HAS_IT = '2018300'

/** By code and subcode, else by code: they say more than the HTTP status. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ...of('later', ...RATE_LIMITS),
  // A temporary failure at Meta, reported both before and after the message was sent.
  ...of('unknown', '2'),
  ...of('window_closed', '10/2534022', '10/2018278'),
  ...of('thread_not_ours', '100/2534037'),
  ...of('refused', '10/2018065', '10/2018108', '100/2018001', '100/2534014', '100/2534015', '-1/2534023'),
  ...of('refused', '10', '551', '368', '230', '1545041', '200/1545041'),
  // The token is invalid or lacks a permission.
  ...of('channel_unusable', '190', '200'),
])

/**
 * Refusals caused by the customer or the page, by code, or by code and subcode: a plainer form of the message would
 * be refused too.
 */
const WHATEVER_THE_FORM: ReadonlySet<string> = new Set([
  '10',
  '551',
  '368',
  '230',
  '1545041',
  '200/1545041',
  '100/2018001',
  '100/2534014',
])

/** When an attachment or quick replies are refused, their content may still be accepted as plain text. */
export function plainerMayGo(outcome: SendOutcome, { attachment, quickReplies }: Outgoing): SendOutcome {
  if (outcome.is !== 'dead' || outcome.reason !== 'refused') return outcome
  const { code } = outcome
  const isPlain = attachment === null && quickReplies.length === 0
  if (isPlain || WHATEVER_THE_FORM.has(code) || WHATEVER_THE_FORM.has(code.split('/')[0]!)) return outcome
  return { is: 'form_refused', code }
}

function of(verdict: Verdict, ...codes: readonly string[]): readonly (readonly [string, Verdict])[] {
  return codes.map((code) => [code, verdict])
}

export function outcomeOf(reply: Reply, now: number): SendOutcome {
  if (reply.is === 'lost') {
    const { code, wentOut } = reply
    return wentOut ? { is: 'unknown', code } : { is: 'later', code, afterMs: 0 }
  }
  const body = parsed(reply.body)
  const error = body?.['error'] ?? null
  if (error !== null) return outcomeOfError(reply, isObject(error) ? error : null, now)
  if (!isSuccess(reply.status)) return outcomeOfError(reply, null, now)
  // Accepted by status, but the body is not readable.
  if (body === null) return { is: 'unknown', code: 'unreadable' }
  return { is: 'sent', mid: midIn(body), restMs: restAsked(reply.headers) }
}

export function parsed(body: string | null): JsonObject | null {
  if (body === null) return null
  try {
    const value: unknown = JSON.parse(quoteBigIds(body))
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function midIn(body: JsonObject): string | null {
  const mid = idAt(body, 'message_id')
  return mid !== null && mid !== '' && mid.length <= MOST_MID ? mid : null
}

function outcomeOfError(answer: Answer, error: JsonObject | null, now: number): SendOutcome {
  const { main, sub, code } = errorOf(answer.status, error)
  const verdict = main === null ? verdictOfStatus(answer.status) : verdictOf(main, sub, answer.status)
  if (verdict === 'unknown') return { is: 'unknown', code }
  if (verdict !== 'later') return { is: 'dead', reason: verdict, code }
  return { is: 'later', code, afterMs: Math.max(retryAfter(answer.headers, now), restAsked(answer.headers)) }
}

function verdictOf(main: string, sub: string | null, status: number): Verdict {
  if (main === ANOTHER_APP_HAS_IT || sub === ANOTHER_APP_HAS_IT) return 'thread_not_ours'
  const known = VERDICTS.get(`${main}/${sub}`) ?? VERDICTS.get(main)
  if (known !== undefined) return known
  // An error in the body of a success response: whether the message was sent is clear only if the code names a cause,
  // which 1 does not.
  return isSuccess(status) ? (main === '1' ? 'unknown' : 'refused') : verdictOfStatus(status)
}

function verdictOfStatus(status: number): Verdict {
  if (status === 429) return 'later'
  return status >= 500 || isSuccess(status) ? 'unknown' : 'refused'
}
