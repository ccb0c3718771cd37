import type { Echo, Reported } from '../event.js'
import { CAPS, LATEST_ECHO_MS } from '../state/lifetimes.js'
import type { Attachment, Message, MessageKind } from '../state/message.js'
import { added, type Conversation, kept, type SentMessage } from '../state/state.js'
import { sameTextKey } from '../text/text.js'

/** Expected echoes of messages that we sent or were told of: by message id, by text or by kind. */

/** When an echo's lifetimes are judged: its own time where that is credible, else its arrival. */
export function judgedAt(echoAt: number, now: number): number {
  return echoAt > 0 && echoAt <= now && now - echoAt <= LATEST_ECHO_MS ? echoAt : now
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

/**
 * The message that a report with an id completes: reported before without one, or expected with this text, and not heard
 * yet. Where the report does not say what was sent, it is about the last one that was reported.
 */
export function sentWithoutId(state: Conversation, report: Reported, now: number): Message | null {
  const content = contentKey(report)
  const isOpen = ({ message, until }: SentMessage): boolean =>
    now < until && message.mid === null && message.status === 'sent' && message.type === report.type
  if (content === null) return state.sent.findLast((sent) => isOpen(sent) && sent.message.fromApp)?.message ?? null
  return state.sent.find((sent) => isOpen(sent) && contentKey(sent.message) === content)?.message ?? null
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
