import type { Mark } from '../event.js'
import { CAPS } from '../state/caps.js'
import { LATEST_ECHO_MS, RETRY_MS } from '../state/lifetimes.js'
import type { FlagUse } from '../state/spoken-run.js'
import { added, type Conversation, type Flag, kept } from '../state/state.js'
import { sameTextKey } from '../text/text.js'

/** Bot flags, raised by marks: expected echoes that match any text. The weakest evidence of an echo's author. */

/** Life of a flag raised while the bot is paused: enough for a workflow that answers without asking for permission. */
const UNWELCOME_FLAG_MS = 15_000

/** The outcome of a mark. */
export type MarkOutcome =
  | 'set'
  /** The same mark was made a moment ago or with the same Idempotency-Key. */
  | 'retry'
  /** The caller wants a flag only if the bot may speak, which it may not. */
  | 'withheld'
  | 'withdrawn'
  /**
   * The router itself sends and recognises the answer of the run under way: only a person's echo could use the flag.
   */
  | 'not_needed'

export interface MarkTerms {
  /** The bot may speak. */
  readonly proceed: boolean
  readonly isNeeded: boolean
  readonly flagTtlMs: number
}

function parametersOf({ count, ttlMs, onlyIfOn }: Pick<Mark, 'count' | 'ttlMs' | 'onlyIfOn'>): string {
  return JSON.stringify([count, ttlMs, onlyIfOn])
}

/** The parameters of most marks: one text for all their flags. */
const PLAIN = ''

export function raiseFlag(
  state: Conversation,
  mark: Mark,
  terms: MarkTerms,
  now: number,
): { readonly state: Conversation; readonly outcome: MarkOutcome } {
  if (mark.count === 0) return { state: withoutFlags(state), outcome: 'withdrawn' }
  if (mark.onlyIfOn && !terms.proceed) return { state, outcome: 'withheld' }
  const text = mark.text === null ? null : sameTextKey(mark.text)
  const count = mark.count ?? 1
  // A count of 1 is another parameter than none: it asks for a flag where a mark without one needs none.
  const isPlain = mark.count === null && mark.ttlMs === null && !mark.onlyIfOn
  const parameters = isPlain ? PLAIN : parametersOf(mark)
  const isKnown = state.flags.some((flag) => isRetry(flag, mark, text, parameters, terms.flagTtlMs, now))
  if (isKnown) return { state, outcome: terms.isNeeded ? 'retry' : 'not_needed' }
  const ttlMs = mark.ttlMs ?? terms.flagTtlMs
  const flag: Flag = {
    at: now,
    until: now + (terms.proceed ? ttlMs : Math.min(ttlMs, UNWELCOME_FLAG_MS)),
    // A mark that needs no flag is stored all the same: its retry may come after the run has ended.
    left: terms.isNeeded ? count : 0,
    text,
    idempotencyKey: mark.idempotencyKey,
    parameters,
  }
  return { state: { ...state, flags: withFlag(state.flags, flag) }, outcome: terms.isNeeded ? 'set' : 'not_needed' }
}

/** Over the cap, entries that only identify retries are dropped before usable flags. */
function withFlag(flags: readonly Flag[], flag: Flag): readonly Flag[] {
  const spent = flags.length < CAPS.flags ? undefined : flags.find(({ left }) => left === 0)
  return added(spent === undefined ? flags : kept(flags, (each) => each !== spent), flag, CAPS.flags)
}

function isRetry(
  flag: Flag,
  mark: Mark,
  text: string | null,
  parameters: string,
  flagTtlMs: number,
  now: number,
): boolean {
  if (mark.idempotencyKey !== null) return flag.idempotencyKey === mark.idempotencyKey && now - flag.at < flagTtlMs
  const isSame = flag.idempotencyKey === null && flag.parameters === parameters && flag.text === text
  return isSame && now - flag.at < RETRY_MS
}

/** Keeps the keys of withdrawn flags, which identify retries of their marks. */
function withoutFlags(state: Conversation): Conversation {
  if (state.flags.length === 0) return state
  const withKey = kept(state.flags, (flag) => flag.idempotencyKey !== null)
  return { ...state, flags: withKey.length === 0 ? withKey : withKey.map((flag) => ({ ...flag, left: 0 })) }
}

/** Expires the flags of a run that failed or was stopped: otherwise the next person's echo would use one up. */
export function endFlagsSince(state: Conversation, since: number, end: number): Conversation {
  if (!state.flags.some((flag) => flag.at >= since && flag.until > end)) return state
  const flags = state.flags.map((flag) => (flag.at >= since && flag.until > end ? { ...flag, until: end } : flag))
  return { ...state, flags }
}

export function liveFlags(state: Conversation, now: number): number {
  let count = 0
  for (const flag of state.flags) if (now < flag.until) count += flag.left
  return count
}

/**
 * The flag that an echo of that time uses: one raised for this text before a general one, then the oldest. `raisedBy`
 * excludes flags raised later.
 */
export function flagFor(state: Conversation, text: string | null, at: number, raisedBy: number): Flag | null {
  if (state.flags.length === 0) return null
  return fitting(
    state.flags.filter((flag) => flag.left > 0 && at < flag.until && flag.at <= raisedBy),
    text,
  )
}

/** The flag of a message that was announced between these times, even if it has expired. */
export function flagRaisedBetween(state: Conversation, text: string | null, from: number, to: number): Flag | null {
  return fitting(
    state.flags.filter((flag) => flag.left > 0 && flag.at >= from && flag.at < to),
    text,
  )
}

function fitting(flags: readonly Flag[], text: string | null): Flag | null {
  const key = text === null ? null : sameTextKey(text)
  return (
    flags.find((each) => each.text !== null && each.text === key) ?? flags.find((each) => each.text === null) ?? null
  )
}

export function withoutOne(state: Conversation, flag: Flag): Conversation {
  return { ...state, flags: state.flags.map((each) => (each === flag ? { ...flag, left: flag.left - 1 } : each)) }
}

export function useFlag(state: Conversation, text: string | null, at: number, raisedBy: number): Conversation | null {
  const flag = flagFor(state, text, at, raisedBy)
  return flag === null ? null : withoutOne(state, flag)
}

export function noteFlagUse(state: Conversation, use: FlagUse): Conversation {
  return { ...state, flagUses: added(state.flagUses, use, CAPS.flagUses) }
}

/**
 * The flag use whose tail covers an echo of that time, before or after it: the parts of an answer may arrive out of
 * order.
 */
export function flagTailAt(uses: readonly FlagUse[], at: number, tailMs: number): FlagUse | null {
  if (tailMs === 0) return null
  return uses.findLast((use) => !use.isTail && Math.abs(at - use.at) <= tailMs) ?? null
}

/** No echo can use it any more, however late it arrives. */
export function isExpired(flag: Flag, now: number): boolean {
  return now >= flag.until + LATEST_ECHO_MS
}
