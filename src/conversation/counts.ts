import type { Decision } from './decide.js'
import { isExpired } from './echo/flags.js'
import type { Event } from './event.js'
import type { Author, DeadBecause, Evidence, Message } from './state/message.js'
import type { Conversation, Flag, PauseReason } from './state/state.js'
import type { Verdict } from './verdict.js'

/** What of a decision is worth counting. */
export type Count =
  | { readonly is: 'echo'; readonly author: Author; readonly evidence: Evidence }
  | { readonly is: 'flags'; readonly what: 'set' | FlagEnd; readonly many: number }
  /** Echoes that a flag had vouched for, and that proved to be a person's. */
  | { readonly is: 'displaced'; readonly many: number }
  | { readonly is: 'pause'; readonly reason: PauseReason }
  | { readonly is: 'share'; readonly what: 'held' | 'combined' | 'replaced' | 'expired' }
  | { readonly is: 'dead_letter'; readonly reason: DeadBecause }
  /** Messages of the bot that had left when a person's word became known. */
  | { readonly is: 'left_before_takeover'; readonly many: number }

/**
 * How a flag ends: an echo used it of which nothing else was known, a message of the bot came back for which it stood, a
 * mark withdrew it, or nothing came for it (over the cap it is forgotten before its time).
 */
export type FlagEnd = 'used' | 'recognised' | 'withdrawn' | 'expired'

/** Read off the decision afterwards: whoever decides need not think of being counted. */
export function countsOf(
  before: Conversation,
  after: Conversation,
  event: Event,
  { records, verdict, onTheWire }: Pick<Decision, 'records' | 'verdict' | 'onTheWire'>,
  now: number,
): readonly Count[] {
  const counts: Count[] = []
  if (event.is === 'echo' && verdict.of === 'item' && verdict.author !== null && verdict.evidence !== null)
    counts.push({ is: 'echo', author: verdict.author, evidence: verdict.evidence })
  const raised = event.is === 'mark' && verdict.of === 'mark' && verdict.flag === 'set' ? (event.count ?? 1) : 0
  if (raised > 0) counts.push({ is: 'flags', what: 'set', many: raised })
  if (before.flags !== after.flags) {
    countFlagEnds(counts, before.flags, after.flags, raised, endOfFlags(event, verdict), now)
  }
  const displaced = JUDGES_ANEW.has(event.is) ? records.filter((each) => each.evidence === 'displaced').length : 0
  if (displaced > 0) counts.push({ is: 'displaced', many: displaced })
  if (before.causes !== after.causes) {
    for (const cause of after.causes) {
      if (!before.causes.includes(cause)) counts.push({ is: 'pause', reason: cause.reason })
    }
  }
  countShares(counts, before, after, event, verdict, records)
  if (before.outbox.dead !== after.outbox.dead) {
    for (const { seq, reason } of after.outbox.dead) {
      if (!before.outbox.dead.some((letter) => letter.seq === seq)) counts.push({ is: 'dead_letter', reason })
    }
  }
  if (onTheWire > 0) counts.push({ is: 'left_before_takeover', many: onTheWire })
  return counts
}

/** What takes flags away, other than their time. */
function endOfFlags(event: Event, verdict: Verdict): FlagEnd {
  if (event.is === 'mark') return event.count === 0 ? 'withdrawn' : 'expired'
  return verdict.of === 'item' && verdict.evidence === 'flag' ? 'used' : 'recognised'
}

function countFlagEnds(
  counts: Count[],
  before: readonly Flag[],
  after: readonly Flag[],
  raised: number,
  otherwise: FlagEnd,
  now: number,
): void {
  const expired = leftOf(before.filter((flag) => isExpired(flag, now) && !after.includes(flag)))
  const others = leftOf(before) + raised - expired - leftOf(after)
  if (expired > 0) counts.push({ is: 'flags', what: 'expired', many: expired })
  if (others > 0) counts.push({ is: 'flags', what: otherwise, many: others })
}

/** Events that may show an earlier echo in another light; others only write it anew. */
const JUDGES_ANEW: ReadonlySet<Event['is']> = new Set(['echo', 'reported', 'run_beat', 'run_end', 'send_result'])

function leftOf(flags: readonly Flag[]): number {
  return flags.reduce((sum, { left }) => sum + left, 0)
}

function countShares(
  counts: Count[],
  before: Conversation,
  after: Conversation,
  event: Event,
  verdict: Verdict,
  records: readonly Message[],
): void {
  const { share } = after.asking
  if (share !== null && share.message.seq !== before.asking.share?.message.seq)
    counts.push({ is: 'share', what: 'held' })
  if (event.is === 'message' && verdict.of === 'item' && (verdict.message?.shareSeq ?? 0) > 0)
    counts.push({ is: 'share', what: 'combined' })
  if (verdict.of === 'wake' && verdict.expiredShare !== null) counts.push({ is: 'share', what: 'expired' })
  // A reaction to one that was replaced long ago writes it anew as well.
  if (event.is !== 'message' && event.is !== 'wake') return
  for (const { reason } of records) {
    if (reason === 'share_replaced') counts.push({ is: 'share', what: 'replaced' })
  }
}
