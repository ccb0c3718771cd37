import type { Message } from '../../conversation/message.js'
import type { HistoryPage } from '../../engine/ports.js'

/** One conversation's messages, oldest first and without gaps: `seq` s stands at s - messages[0].seq. */
export interface History {
  messages: Message[]
  bytes: number
}

/** More than anybody scrolls through; one endless conversation must not push out all the others. */
export const MOST_MESSAGES = 5_000
const TRIM_AT_ONCE = 500
/** A message's keys, its strings' heads and its place in the array, as measured; the texts come on top. */
const MESSAGE_BYTES = 320

export function createHistory(): History {
  return { messages: NONE, bytes: 0 }
}

// Shared by all conversations without a message; the first message replaces it.
const NONE: Message[] = []

export function bytesOf(message: Message): number {
  let bytes = MESSAGE_BYTES + 2 * ((message.text?.length ?? 0) + (message.mid?.length ?? 0))
  for (const attachment of message.attachments) bytes += 100 + 2 * (attachment.url?.length ?? 0)
  return bytes
}

/** Adds a message or replaces the one with its `seq`. A message that was forgotten already stays so. */
export function putMessage(history: History, message: Message): void {
  const { messages } = history
  if (messages.length === 0) {
    // An array that begins with its first message grows from one slot; an empty one would reserve seventeen.
    history.messages = [message]
    history.bytes = bytesOf(message)
    return
  }
  const index = message.seq - messages[0]!.seq
  if (index === messages.length) {
    messages.push(message)
    history.bytes += bytesOf(message)
    if (messages.length > MOST_MESSAGES) dropOldest(history, TRIM_AT_ONCE)
    return
  }
  const old = messages[index]
  if (old === undefined) return
  history.bytes += bytesOf(message) - bytesOf(old)
  messages[index] = message
}

function dropOldest(history: History, count: number): void {
  for (const message of history.messages.splice(0, count)) history.bytes -= bytesOf(message)
  if (history.messages.length === 0) history.messages = NONE
}

export function clearHistory(history: History): void {
  history.messages = NONE
  history.bytes = 0
}

export function dropOlderThan(history: History, time: number): void {
  const { messages } = history
  let old = 0
  while (old < messages.length && messages[old]!.at < time) old += 1
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
