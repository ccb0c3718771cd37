import { isObject, type Json } from './content.js'

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

/** Milliseconds until the time given by `Retry-After`, in seconds or as a date. */
export function retryAfter(headers: Headers, now: number): number {
  const value = valuesOf(headers, 'retry-after')[0]?.trim() ?? ''
  const asked = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now
  return asked > 0 ? Math.min(asked, MOST_REST) : 0
}

function valuesOf(headers: Headers, name: string): readonly string[] {
  const value = headers[name]
  return value === undefined ? [] : [value].flat()
}

/** The figures are in the value itself or in lists per business: `{id: [{…}, {…}]}`. */
function usagesIn(value: string): readonly Json[] {
  let usage: unknown
  try {
    usage = JSON.parse(value)
  } catch {
    return []
  }
  return isObject(usage) ? [usage, ...Object.values(usage).flat().filter(isObject)] : []
}

function restOf(usage: Json): number {
  const minutes = usage['estimated_time_to_regain_access']
  if (typeof minutes === 'number' && minutes > 0) return Math.min(minutes * MINUTE, MOST_REST)
  const share = Math.max(...SHARES.map((name) => shareAt(usage, name)))
  // Over the limit without a given duration: rest a minute. Just below it a short rest keeps a burst from exceeding it;
  // the figures fade within the hour, so finer steps are not needed.
  return share >= 100 ? MINUTE : share >= 95 ? 1_000 : 0
}

function shareAt(usage: Json, name: string): number {
  const share = usage[name]
  return typeof share === 'number' ? share : 0
}
