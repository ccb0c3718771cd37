import { type Message, NO_ORIGIN, NO_OUTCOME } from '../../conversation/state/message.js'
import { added } from '../../conversation/state/state.js'
import type { HistoryPage } from '../../engine/ports.js'

/**
 * The messages of a conversation, oldest first and without gaps: message `s` is at index s - messages[0].seq. Those
 * before them may still be a row, which most events do not need to read.
 */
export interface History {
  messages: Message[]
  earlier: Earlier
  historyBytes: number
}

/** The messages in a row. */
export interface Earlier {
  /** When the oldest arrived, in seconds of the store. */
  readonly oldestAt: number
  /** The `seq` of the newest. */
  readonly newest: number
  read(): Message[]
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
export const NOTHING_EARLIER: Earlier = { oldestAt: 0, newest: 0, read: () => [] }

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
  const { seq } = message
  const last = newestSeq(history)
  if (seq <= last) replace(history, message)
  else if (seq <= newest) return
  else if (seq === last + 1) append(history, message)
  else begin(history, message)
}

function replace(history: History, message: Message): void {
  if (message.seq <= history.earlier.newest) readAll(history)
  const { messages } = history
  const index = message.seq - messages[0]!.seq
  if (index < 0) return
  history.historyBytes += bytesOf(message) - bytesOf(messages[index]!)
  messages[index] = message
}

/** 0 for none. */
function newestSeq({ messages, earlier }: History): number {
  return messages.length === 0 ? earlier.newest : messages[messages.length - 1]!.seq
}

function append(history: History, message: Message): void {
  const { messages } = history
  // `push` reserves seventeen places at once: most conversations have fewer messages.
  if (messages.length < SHORT) history.messages = added(messages, message, SHORT)
  else messages.push(message)
  history.historyBytes += bytesOf(message)
  if (history.messages.length > MOST_MESSAGES) dropOldest(history, TRIM_AT_ONCE)
}

/** The first message; or one after a gap, before which messages can no longer be addressed by index. */
function begin(history: History, message: Message): void {
  clearHistory(history)
  append(history, message)
}

/** Reads the row of the earlier messages. */
function readAll(history: History): void {
  if (history.earlier === NOTHING_EARLIER) return
  history.messages = [...history.earlier.read(), ...history.messages]
  history.earlier = NOTHING_EARLIER
}

function dropOldest(history: History, count: number): void {
  readAll(history)
  for (const message of history.messages.splice(0, count)) history.historyBytes -= bytesOf(message)
  if (history.messages.length === 0) history.messages = NO_MESSAGES
}

export function clearHistory(history: History): void {
  history.messages = NO_MESSAGES
  history.earlier = NOTHING_EARLIER
  history.historyBytes = 0
}

export function dropOlderThan(history: History, time: number): void {
  readAll(history)
  const { messages } = history
  let old = 0
  while (old < messages.length && messages[old]!.arrivedAt < time) old += 1
  if (old > 0) dropOldest(history, old)
}

export function newestThat(history: History, holds: (message: Message) => boolean): Message | null {
  const recent = history.messages.findLast(holds)
  if (recent !== undefined || history.earlier === NOTHING_EARLIER) return recent ?? null
  readAll(history)
  return history.messages.findLast(holds) ?? null
}

/** Leaves the row of the earlier messages as it is. */
export function lastMessage({ messages, earlier }: History): Message | null {
  return messages.at(-1) ?? earlier.read().at(-1) ?? null
}

export function pageOfHistory(history: History, page: HistoryPage): readonly Message[] {
  readAll(history)
  const { messages } = history
  const first = messages[0]?.seq ?? 1
  const from = page.after === null ? 0 : Math.max(0, page.after + 1 - first)
  const to = page.before === null ? messages.length : Math.max(0, page.before - first)
  const within = messages.slice(from, to)
  return page.after === null ? within.slice(-page.limit) : within.slice(0, page.limit)
}

/** When the oldest message arrived, in the store's seconds; 0 for none. `secondOf` gives the second of a time. */
export function oldestAt({ messages, earlier }: History, secondOf: (time: number) => number): number {
  if (earlier !== NOTHING_EARLIER || messages.length === 0) return earlier.oldestAt
  return secondOf(messages[0]!.arrivedAt)
}

/** How many of the newest messages are also the last ones of that list. */
export function sharedWith({ messages }: History, list: readonly Message[]): number {
  let count = 0
  while (count < list.length && messages[messages.length - 1 - count] === list[list.length - 1 - count]) count += 1
  return count
}
