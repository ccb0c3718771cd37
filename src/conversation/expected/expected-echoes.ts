import type { Echo, Reported } from '../event.js'
import type { Via } from '../said.js'
import { CAPS } from '../state/caps.js'
import { timeOf } from '../state/draft.js'
import { LATEST_ECHO_MS } from '../state/lifetimes.js'
import type { Attachment, Message, MessageKind } from '../state/message.js'
import type { Part } from '../state/outbox-state.js'
import { added, type Conversation, kept, type SentMessage } from '../state/state.js'
import { sameTextKey } from '../text/text.js'

/** Expected echoes of messages that we sent or that were reported: matched by message id, by text or by kind. */

/** Meta's Conversations API gives times in whole seconds, and Meta's clock is not ours. */
const BACKFILL_SLACK_MS = 3_000

/** The time by which the lifetimes of what an echo may match are judged. A backfilled one may be hours old. */
export function echoTime(echo: Echo, now: number): number {
  return echo.via === 'backfill' ? timeOf(echo, now) : judgedAt(echo.at, now)
}

/**
 * What an echo may match began by then. Without a limit for echoes of webhooks, which come moments after what they
 * match; an old one must not match what was sent or announced hours after it.
 */
export function latestStart(via: Via, at: number): number {
  return via === 'backfill' ? at + BACKFILL_SLACK_MS : Number.POSITIVE_INFINITY
}

/** The time by which an echo's lifetimes are judged: its own if plausible, otherwise its arrival. */
export function judgedAt(echoAt: number, now: number): number {
  return echoAt > 0 && echoAt <= now && now - echoAt <= LATEST_ECHO_MS ? echoAt : now
}

export function expectEcho(state: Conversation, message: Message, until: number): Conversation {
  return { ...state, sent: added(state.sent, { message, until }, CAPS.sent) }
}

/** Changes how long a message's echo is expected, once the outcome of its send is known or will not be. */
export function expectUntil(state: Conversation, seq: number, until: number): Conversation {
  const newest = newestExpected(state, seq)
  return { ...state, sent: state.sent.map((each) => (each === newest ? { ...each, until } : each)) }
}

/** Removes the expectation of a message that was certainly not delivered. */
export function withoutExpected(state: Conversation, seq: number): Conversation {
  const newest = newestExpected(state, seq)
  return { ...state, sent: kept(state.sent, (each) => each !== newest) }
}

/** The newest expectation of a message: one that was sent twice is expected twice, as either may have arrived. */
function newestExpected(state: Conversation, seq: number): SentMessage | undefined {
  return state.sent.findLast((each) => each.message.seq === seq)
}

/** The message of ours with this id. Of a message sent twice, the expectation that ends first. */
export function sentWithId(state: Conversation, mid: string | null): SentMessage | null {
  if (mid === null) return null
  let found: SentMessage | null = null
  for (const sent of state.sent) {
    if (sent.message.mid === mid && (found === null || sent.until < found.until)) found = sent
  }
  return found
}

/**
 * The message of ours with this text, or without a text of this kind. First the one whose request is under way: an
 * older one that is still expected was probably never delivered. Then one without an id: that of the others is not the
 * echo's. Else the oldest, since echoes arrive in order.
 */
export function sentWithContent(state: Conversation, echo: Echo, at: number): SentMessage | null {
  if (state.sent.length === 0) return null
  const content = contentKey(echo)
  if (content === null) return null
  const sentBy = latestStart(echo.via, at)
  const fits = ({ message, until }: SentMessage): boolean =>
    at < until && message.at <= sentBy && contentKey(message) === content
  const fitting = state.sent.filter(fits)
  const underWay = fitting.find(({ message }) => message.status === 'sending')
  return underWay ?? fitting.find(({ message }) => message.mid === null) ?? fitting[0] ?? null
}

/**
 * The message of ours with this content of which it is still unknown whether it was delivered. Its expectation may have
 * ended long before a backfill reads the message.
 */
export function lostWithContent({ outbox }: Conversation, echo: Echo, at: number): Message | null {
  const content = contentKey(echo)
  if (content === null) return null
  const sentBy = latestStart(echo.via, at)
  const parts = [...outbox.parts, ...outbox.dead.flatMap((letter) => letter.parts)]
  const isLost = ({ status }: Message): boolean => status === 'sending' || status === 'unknown'
  const fits = ({ message }: Part): boolean =>
    isLost(message) && message.at <= sentBy && contentKey(message) === content
  return parts.find(fits)?.message ?? null
}

/**
 * The message that a report with an id completes: one reported earlier without an id, or one expected with this text
 * whose echo has not come. When the report has no content, the newest reported message.
 */
export function sentWithoutId(state: Conversation, report: Reported, now: number): Message | null {
  const content = contentKey(report)
  const isOpen = ({ message, until }: SentMessage): boolean =>
    now < until && message.mid === null && message.status === 'sent' && message.type === report.type
  if (content === null)
    return state.sent.findLast((sent) => isOpen(sent) && sent.message.origin.fromApp)?.message ?? null
  return state.sent.find((sent) => isOpen(sent) && contentKey(sent.message) === content)?.message ?? null
}

/** Null when there is nothing to compare: a message known by its id only, or an echo without visible content. */
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
