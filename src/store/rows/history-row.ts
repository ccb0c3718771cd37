import type { Message } from '../../conversation/state/message.js'
import { type MessageRow, messageOf } from './message-row.js'

/** The messages of a conversation as one text, made of theirs, behind which that of later ones can be written. */
export function encodeHistory(texts: readonly string[]): string {
  return texts.length === 0 ? '' : `${texts.join(',')},`
}

export function decodeHistory(text: string): Message[] {
  return (JSON.parse(`[${text.slice(0, -1)}]`) as MessageRow[]).map(messageOf)
}
