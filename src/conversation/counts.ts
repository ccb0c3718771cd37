import type { Policy } from './channel.js'
import type { Decision } from './decide.js'
import type { Event } from './event.js'
import { isExpired } from './expected/flags.js'
import { sharedIn } from './question/shares.js'
import type { Author, DeadBecause, Evidence, Message } from './state/message.js'
import type { Conversation, Flag, PauseReason } from './state/state.js'
import type { Verdict } from './verdict.js'

/** The metrics' counts of a decision. */
export type Count =
  | { readonly is: 'echo'; readonly author: Author; readonly evidence: Evidence }
  | { readonly is: 'flags'; readonly what: 'set' | FlagEnd; readonly many: number }
  /** Echoes attributed to the bot by a flag that turned out to be a person's. */
  | { readonly is: 'displaced'; readonly many: number }
  | { readonly is: 'pause'; readonly reason: PauseReason }
  | { readonly is: 'share'; readonly what: ShareStep }
  | { readonly is: 'dead_letter'; readonly reason: DeadBecause }
  /** Bot messages that had already been sent when a person's takeover became known. */
  | { readonly is: 'left_before_takeover'; readonly many: number }
  /** A message whose webhook never came. */
  | { readonly is: 'backfilled'; readonly author: Author }
  /** The time from a question's first message to its complete answer. */
  | { readonly is: 'answered'; readonly ms: number }

/**
 * The steps of a shared post on Instagram. It is created, is held until its question comes, and ends once: combined
 * with the question, replaced by a newer post, expired without a question, or dropped (by a takeover, closing hours
 * or its deletion).
 */
export type ShareStep = 'created' | 'held' | 'combined' | 'replaced' | 'expired' | 'dropped'

/**
 * How a flag ends: used by an echo without other evidence; recognised, when a bot message known by other evidence
 * came back; withdrawn by a mark; or expired unused, which includes flags dropped over the cap.
 */
export type FlagEnd = 'used' | 'recognised' | 'withdrawn' | 'expired'

/** Derives the counts from a finished decision, so that the rules themselves contain no counting. */
export function countsOf(
  before: Conversation,
  after: Conversation,
  event: Event,
  { records, verdict, onTheWire }: Pick<Decision, 'records' | 'verdict' | 'onTheWire'>,
  policy: Pick<Policy, 'platform' | 'assistantSends'>,
  now: number,
): readonly Count[] {
  const counts: Count[] = []
  if (event.is === 'echo' && verdict.of === 'item' && verdict.author !== null && verdict.evidence !== null)
    counts.push({ is: 'echo', author: verdict.author, evidence: verdict.evidence })
  if ((event.is === 'message' || event.is === 'echo') && event.via === 'backfill' && verdict.of === 'item') {
    if (verdict.outcome === 'accepted' && verdict.author !== null)
      counts.push({ is: 'backfilled', author: verdict.author })
  }
  const raised = event.is === 'mark' && verdict.of === 'mark' && verdict.flag === 'set' ? (event.count ?? 1) : 0
  if (raised > 0) counts.push({ is: 'flags', what: 'set', many: raised })
  if (before.flags !== after.flags) {
    countFlagEnds(counts, before.flags, after.flags, raised, endOfFlags(event, verdict), now)
  }
  const displaced = JUDGES_ANEW.has(event.is)
    ? records.filter(({ origin }) => origin.evidence === 'displaced').length
    : 0
  if (displaced > 0) counts.push({ is: 'displaced', many: displaced })
  if (before.causes !== after.causes) {
    for (const cause of after.causes) {
      if (!before.causes.includes(cause)) counts.push({ is: 'pause', reason: cause.reason })
    }
  }
  if (policy.platform === 'instagram') countShares(counts, before, after, event, verdict, records)
  if (before.outbox.dead !== after.outbox.dead) {
    for (const { seq, reason } of after.outbox.dead) {
      if (!before.outbox.dead.some((letter) => letter.seq === seq)) counts.push({ is: 'dead_letter', reason })
    }
  }
  const answered = answeredBy(before, after, event, verdict, records, policy)
  if (answered !== null) counts.push({ is: 'answered', ms: now - answered.arrivedAt })
  if (onTheWire > 0) counts.push({ is: 'left_before_takeover', many: onTheWire })
  return counts
}

/**
 * The first message of a question whose answer is now complete: its last part was sent, or the run of an assistant
 * that sends by itself has ended.
 */
function answeredBy(
  before: Conversation,
  after: Conversation,
  event: Event,
  verdict: Verdict,
  records: readonly Message[],
  policy: Pick<Policy, 'assistantSends'>,
): Message | null {
  if (policy.assistantSends) {
    const isAnswer =
      event.is === 'run_end' && event.end.is === 'answer' && verdict.of === 'order' && verdict.outcome === 'accepted'
    return isAnswer ? before.asking.run!.messages[0]! : null
  }
  if (before.outbox.parts === after.outbox.parts) return null
  const sent = before.outbox.parts.find(
    ({ message, answers }) =>
      answers.length > 0 && records.some(({ seq, status }) => seq === message.seq && status === 'sent'),
  )
  return sent?.answers[0] ?? null
}

/** Why flags disappeared before their time. */
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

/** The events that may change an earlier echo's author; other events only rewrite its message. */
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
  const count = (what: ShareStep): void => void counts.push({ is: 'share', what })
  const heard = event.is === 'message' && verdict.of === 'item' ? verdict.message : null
  if (heard?.status === 'received' && sharedIn(heard) !== null) count('created')
  const heldBefore = before.asking.share?.message.seq ?? 0
  const heldNow = after.asking.share?.message.seq ?? 0
  if (heldNow > 0 && heldNow !== heldBefore) count('held')
  const combined = verdict.of === 'item' ? (verdict.combined?.outcome.shareSeq ?? 0) : 0
  const isCombined = (seq: number): boolean => before.waiting.some(({ outcome }) => outcome.shareSeq === seq)
  if (combined > 0) count('combined')
  const isExpired = verdict.of === 'wake' && verdict.expiredShare !== null
  if (isExpired) count('expired')
  const replaced = REPLACES_SHARES.has(event.is) ? records.filter(isReplaced) : []
  for (const { seq } of replaced) if (!isCombined(seq)) count('replaced')
  const isLetGo = heldBefore > 0 && heldBefore !== heldNow && heldBefore !== combined
  if (isLetGo && !isExpired && !replaced.some(({ seq }) => seq === heldBefore)) count('dropped')
}

function isReplaced({ outcome }: Message): boolean {
  return outcome.reason === 'share_replaced'
}

/** The events that may replace shares; others, such as a reaction, may rewrite one that was replaced long ago. */
const REPLACES_SHARES: ReadonlySet<Event['is']> = new Set(['message', 'wake'])
