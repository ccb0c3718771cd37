import type { Mark } from '../event.js'
import { CAPS, LATEST_ECHO_MS, RETRY_MS } from '../state/lifetimes.js'
import type { FlagUse } from '../state/spoken-run.js'
import { added, type Conversation, type Flag, kept } from '../state/state.js'
import { sameTextKey } from '../text/text.js'

/** Bot flags: expected echoes that any text fits, raised by marks. The weakest evidence of who wrote an echo. */

/** A flag raised although the bot may not speak: long enough for a workflow that answers without asking. */
const UNWELCOME_FLAG_MS = 15_000

/** What a mark came to. */
export type MarkOutcome =
  | 'set'
  /** The same mark was made a moment ago, or under the same key. */
  | 'retry'
  /** The caller wanted a flag only where the bot may speak, and it may not. */
  | 'withheld'
  | 'withdrawn'
  /** A run of ours is under way whose answer the router sends and recognises: only a person's echo could use the flag. */
  | 'not_needed'

export interface MarkTerms {
  /** The bot may speak. */
  readonly proceed: boolean
  readonly isNeeded: boolean
  readonly flagTtlMs: number
}

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
  const parameters = JSON.stringify([count, mark.ttlMs, mark.onlyIfOn])
  const isKnown = state.flags.some((flag) => isRetry(flag, mark, text, parameters, terms.flagTtlMs, now))
  if (isKnown) return { state, outcome: terms.isNeeded ? 'retry' : 'not_needed' }
  const ttlMs = mark.ttlMs ?? terms.flagTtlMs
  const flag: Flag = {
    at: now,
    until: now + (terms.proceed ? ttlMs : Math.min(ttlMs, UNWELCOME_FLAG_MS)),
    // A mark that needs no flag is remembered all the same: its retry may come when the run is over.
    left: terms.isNeeded ? count : 0,
    text,
    idempotencyKey: mark.idempotencyKey,
    parameters,
  }
  return { state: { ...state, flags: withFlag(state.flags, flag) }, outcome: terms.isNeeded ? 'set' : 'not_needed' }
}

/** Over the cap goes what only tells a retry, before a flag that is still good. */
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

/** A withdrawn flag's key still tells a retry of its mark. */
function withoutFlags(state: Conversation): Conversation {
  if (state.flags.length === 0) return state
  const withKey = kept(state.flags, (flag) => flag.idempotencyKey !== null)
  return { ...state, flags: withKey.length === 0 ? withKey : withKey.map((flag) => ({ ...flag, left: 0 })) }
}

/** What a run raised that failed or was stopped: nobody will use it up but the next person. */
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
 * The flag that an echo of that time uses: the one raised for this very text before a general one, and then the oldest.
 * `raisedBy` leaves out flags raised later than that.
 */
export function flagFor(state: Conversation, text: string | null, at: number, raisedBy: number): Flag | null {
  if (state.flags.length === 0) return null
  return fitting(
    state.flags.filter((flag) => flag.left > 0 && at < flag.until && flag.at <= raisedBy),
    text,
  )
}

/** The flag for a message that was announced between these times, whether it is still good or not. */
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

/** The use of a flag whose tail an echo of that time is in. Both ways in time: an answer's parts arrive out of order. */
export function flagTailAt(uses: readonly FlagUse[], at: number, tailMs: number): FlagUse | null {
  if (tailMs === 0) return null
  return uses.findLast((use) => !use.isTail && Math.abs(at - use.at) <= tailMs) ?? null
}

/** No echo can use it any more, however late. */
export function isExpired(flag: Flag, now: number): boolean {
  return now >= flag.until + LATEST_ECHO_MS
}
