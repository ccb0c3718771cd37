import type { Message } from '../../conversation/state/message.js'
import { type MessageRow, messageOf } from './message-row.js'

/** The messages of a conversation as one text, made of theirs. */
export function encodeHistory(texts: readonly string[]): string {
  return `[${texts.join(',')}]`
}

export function decodeHistory(text: string): Message[] {
  return (JSON.parse(text) as MessageRow[]).map(messageOf)
}

/** The text of the messages of both texts, neither of which is empty. */
export function joinedHistory(earlier: string, later: string): string {
  return `${earlier.slice(0, -1)},${later.slice(1)}`
}
