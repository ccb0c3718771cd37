import { isObject, type JsonObject } from '../json.js'
import { parseRetryAfter } from '../retry-after.js'

/** The rest that the Graph API's response headers ask for. Never throws, whatever they hold. */

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const MINUTE = 60_000
/** The longest rest: after an hour a single request finds out whether it is still needed. */
const MOST_REST = 60 * MINUTE

const USAGES = ['x-app-usage', 'x-page-usage', 'x-ad-account-usage', 'x-business-use-case-usage'] as const
/** Each is a percentage of the allowance. */
const SHARES = ['call_count', 'total_time', 'total_cputime', 'acc_id_util_pct'] as const

/** Milliseconds for which the channel should send nothing; 0 for none. */
export function restAsked(headers: Headers): number {
  let rest = 0
  for (const name of USAGES) {
    for (const value of valuesOf(headers, name)) {
      for (const usage of usagesIn(value)) rest = Math.max(rest, restOf(usage))
    }
  }
  return rest
}

/** Milliseconds until the time given by `Retry-After`; the first one counts. */
export function retryAfter(headers: Headers, now: number): number {
  return parseRetryAfter(valuesOf(headers, 'retry-after')[0]?.trim() ?? '', now)
}

function valuesOf(headers: Headers, name: string): readonly string[] {
  const value = headers[name]
  return value === undefined ? [] : [value].flat()
}

/** The figures are in the value itself or in lists per business: `{id: [{…}, {…}]}`. */
function usagesIn(value: string): readonly JsonObject[] {
  let usage: unknown
  try {
    usage = JSON.parse(value)
  } catch {
    return []
  }
  return isObject(usage) ? [usage, ...Object.values(usage).flat().filter(isObject)] : []
}

function restOf(usage: JsonObject): number {
  const minutes = usage['estimated_time_to_regain_access']
  if (typeof minutes === 'number' && minutes > 0) return Math.min(minutes * MINUTE, MOST_REST)
  const share = Math.max(...SHARES.map((name) => shareAt(usage, name)))
  // Over the limit without a given duration: rest a minute. Just below it a short rest keeps a burst from exceeding it;
  // the figures fade within the hour, so finer steps are not needed.
  return share >= 100 ? MINUTE : share >= 95 ? 1_000 : 0
}

function shareAt(usage: JsonObject, name: string): number {
  const share = usage[name]
  return typeof share === 'number' ? share : 0
}
