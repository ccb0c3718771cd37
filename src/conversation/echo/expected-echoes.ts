import type { Echo, Mark } from '../event.js'
import { CAPS, LATEST_ECHO_MS, RETRY_MS } from '../state/lifetimes.js'
import type { Attachment, Message, MessageKind } from '../state/message.js'
import { added, type Conversation, type Flag, kept, type SentMessage } from '../state/state.js'
import { sameTextKey } from '../text/text.js'

/**
 * Expected echoes: by message id, by text or kind, or by a flag that any text fits. It is the one place
 * that knows what the bot is about to say, and what of it has come back.
 */

/** A flag raised although the bot may not speak: long enough for a workflow that answers without asking. */
const UNWELCOME_FLAG_MS = 15_000

/** When an echo's lifetimes are judged: its own time where that is credible, else its arrival. */
export function judgedAt(echoAt: number, now: number): number {
  return echoAt > 0 && echoAt <= now && now - echoAt <= LATEST_ECHO_MS ? echoAt : now
}

export function raiseFlag(
  state: Conversation,
  mark: Mark,
  terms: { readonly proceed: boolean; readonly flagTtlMs: number },
  now: number,
): { readonly state: Conversation; readonly raised: boolean } {
  if (mark.count === 0) return { state: withoutFlags(state), raised: false }
  if (mark.onlyIfOn && !terms.proceed) return { state, raised: false }
  const text = mark.text === null ? null : sameTextKey(mark.text)
  const parameters = JSON.stringify([mark.count, mark.ttlMs, mark.onlyIfOn])
  if (state.flags.some((flag) => isRetry(flag, mark, text, parameters, terms.flagTtlMs, now)))
    return { state, raised: false }
  const ttlMs = mark.ttlMs ?? terms.flagTtlMs
  const flag: Flag = {
    at: now,
    until: now + (terms.proceed ? ttlMs : Math.min(ttlMs, UNWELCOME_FLAG_MS)),
    left: mark.count,
    text,
    idempotencyKey: mark.idempotencyKey,
    parameters,
  }
  return { state: { ...state, flags: added(state.flags, flag, CAPS.flags) }, raised: true }
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

export function expectEcho(state: Conversation, message: Message, until: number): Conversation {
  return { ...state, sent: added(state.sent, { message, until }, CAPS.sent) }
}

/** Its outcome is known, or will not be for long: how much longer its echo is expected. */
export function expectUntil(state: Conversation, seq: number, until: number): Conversation {
  const newest = newestExpected(state, seq)
  return { ...state, sent: state.sent.map((each) => (each === newest ? { ...each, until } : each)) }
}

/** It surely did not arrive. */
export function withoutExpected(state: Conversation, seq: number): Conversation {
  const newest = newestExpected(state, seq)
  return { ...state, sent: kept(state.sent, (each) => each !== newest) }
}

/** One that was sent once more is expected twice: nobody knows what became of the first. */
function newestExpected(state: Conversation, seq: number): SentMessage | undefined {
  return state.sent.findLast((each) => each.message.seq === seq)
}

/** The message of ours whose echo has this id. Of one that was sent twice, what is not expected as long. */
export function sentWithId(state: Conversation, mid: string | null): SentMessage | null {
  if (mid === null) return null
  let found: SentMessage | null = null
  for (const sent of state.sent) {
    if (sent.message.mid === mid && (found === null || sent.until < found.until)) found = sent
  }
  return found
}

/** The message of ours whose echo has this text, or without a text this kind. The oldest first: echoes come in order. */
export function sentWithContent(state: Conversation, echo: Echo, at: number): SentMessage | null {
  if (state.sent.length === 0) return null
  const content = contentKey(echo)
  if (content === null) return null
  return state.sent.find((sent) => at < sent.until && contentKey(sent.message) === content) ?? null
}

/** Null where there is nothing to compare: a message that is known by its id alone, or an echo that shows nothing. */
export function contentKey(of: {
  readonly text: string | null
  readonly kind: MessageKind
  readonly attachments: readonly Attachment[]
}): string | null {
  if (of.text !== null) return `text:${sameTextKey(of.text)}`
  return of.attachments.length === 0 ? null : `kind:${of.kind}`
}

export function withoutSent(state: Conversation, sent: SentMessage): Conversation {
  return { ...state, sent: kept(state.sent, (other) => other !== sent) }
}

/**
 * Uses up one flag that fits: the one raised for this very text before a general one, and then the oldest.
 * `raisedBy` leaves out flags raised later than that.
 */
export function useFlag(state: Conversation, text: string | null, at: number, raisedBy: number): Conversation | null {
  if (state.flags.length === 0) return null
  const key = text === null ? null : sameTextKey(text)
  const live = state.flags.filter((flag) => flag.left > 0 && at < flag.until && flag.at <= raisedBy)
  const flag = live.find((each) => each.text !== null && each.text === key) ?? live.find((each) => each.text === null)
  if (flag === undefined) return null
  return { ...state, flags: state.flags.map((each) => (each === flag ? { ...flag, left: flag.left - 1 } : each)) }
}

export function noteFlagUse(state: Conversation, at: number): Conversation {
  return { ...state, flagUses: added(state.flagUses, at, CAPS.flagUses) }
}

/** Both ways in time: the parts of one answer arrive out of order. */
export function isInFlagTail(state: Conversation, at: number, tailMs: number): boolean {
  return tailMs > 0 && state.flagUses.some((usedAt) => Math.abs(at - usedAt) <= tailMs)
}

/** No echo can use it any more, however late. */
export function isExpired(flag: Flag, now: number): boolean {
  return now >= flag.until + LATEST_ECHO_MS
}
