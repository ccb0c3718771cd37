import { type Message, NO_ORIGIN, NO_OUTCOME } from '../../conversation/state/message.js'
import { added } from '../../conversation/state/state.js'
import type { HistoryPage } from '../../engine/ports.js'

/** The messages of a conversation, oldest first and without gaps: message `s` is at index s - messages[0].seq. */
export interface History {
  messages: Message[]
  historyBytes: number
}

/** More than anybody reads; one endless conversation must not evict all the others. */
export const MOST_MESSAGES = 5_000
const TRIM_AT_ONCE = 500
const SHORT = 16
/** The measured size of a message without its texts: its object, its times, its strings' headers and its array slot. */
const MESSAGE_BYTES = 210
/** What it takes besides when its groups are not the shared empty ones. */
const ORIGIN_BYTES = 80
const OUTCOME_BYTES = 150

/** Shared by all conversations without messages; the first message replaces it. */
export const NO_MESSAGES: Message[] = []

export function bytesOf(message: Message): number {
  const { text, mid, attachments, origin, outcome } = message
  let bytes = MESSAGE_BYTES
  let characters = lengthOf(text) + lengthOf(mid)
  if (origin !== NO_ORIGIN) {
    const { payload, replyTo, traceparent, answerId } = origin
    bytes += ORIGIN_BYTES
    characters += lengthOf(payload) + lengthOf(replyTo) + lengthOf(traceparent) + lengthOf(answerId)
  }
  if (outcome !== NO_OUTCOME) {
    const { transcription, feedback } = outcome
    bytes += OUTCOME_BYTES
    characters += lengthOf(transcription) + (feedback === null ? 0 : 50 + lengthOf(feedback.comment))
  }
  for (let i = 0; i < attachments.length; i++)
    characters += 50 + lengthOf(attachments[i]!.url) + lengthOf(attachments[i]!.title)
  return bytes + 2 * characters
}

function lengthOf(text: string | null): number {
  return text === null ? 0 : text.length
}

/** Adds a message newer than `newest`, or replaces the one with its `seq`; a message that was evicted stays so. */
export function putMessage(history: History, message: Message, newest: number): void {
  const { messages } = history
  const index = messages.length === 0 ? -1 : message.seq - messages[0]!.seq
  if (index >= 0 && index < messages.length) {
    history.historyBytes += bytesOf(message) - bytesOf(messages[index]!)
    messages[index] = message
  } else if (message.seq <= newest) {
    return
  } else if (index === messages.length) {
    // `push` reserves seventeen places at once, and most conversations have fewer messages.
    if (messages.length < SHORT) history.messages = added(messages, message, SHORT)
    else messages.push(message)
    history.historyBytes += bytesOf(message)
    if (history.messages.length > MOST_MESSAGES) dropOldest(history, TRIM_AT_ONCE)
  } else {
    // The first message; or one after a gap, before which messages can no longer be addressed by index.
    begin(history, message)
  }
}

function begin(history: History, message: Message): void {
  // A literal with its first message grows from one slot; pushing to an empty array would reserve seventeen.
  history.messages = [message]
  history.historyBytes = bytesOf(message)
}

function dropOldest(history: History, count: number): void {
  for (const message of history.messages.splice(0, count)) history.historyBytes -= bytesOf(message)
  if (history.messages.length === 0) history.messages = NO_MESSAGES
}

export function clearHistory(history: History): void {
  history.messages = NO_MESSAGES
  history.historyBytes = 0
}

export function dropOlderThan(history: History, time: number): void {
  const { messages } = history
  let old = 0
  while (old < messages.length && messages[old]!.arrivedAt < time) old += 1
  if (old > 0) dropOldest(history, old)
}

export function newestThat(history: History, holds: (message: Message) => boolean): Message | null {
  const { messages } = history
  for (let i = messages.length - 1; i >= 0; i--) if (holds(messages[i]!)) return messages[i]!
  return null
}

export function pageOfHistory(history: History, page: HistoryPage): readonly Message[] {
  const { messages } = history
  const first = messages[0]?.seq ?? 1
  const from = page.after === null ? 0 : Math.max(0, page.after + 1 - first)
  const to = page.before === null ? messages.length : Math.max(0, page.before - first)
  const within = messages.slice(from, to)
  return page.after === null ? within.slice(-page.limit) : within.slice(0, page.limit)
}
