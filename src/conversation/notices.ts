import type { Message } from './state/message.js'
import type { Conversation } from './state/state.js'

/** An event for WebSocket clients, derived from a decision. */
export type Notice =
  /** A new message. */
  | { readonly is: 'said'; readonly message: Message }
  /** A message changed: its status, its text, a reaction. */
  | { readonly is: 'changed'; readonly message: Message }
  /** The bot was paused or resumed, or the conversation was closed or opened. */
  | { readonly is: 'status' }

export const NO_NOTICES: readonly Notice[] = Object.freeze([])
const STATUS: Notice = { is: 'status' }

export function noticesOf(before: Conversation, after: Conversation, records: readonly Message[]): readonly Notice[] {
  const isOther = before.causes !== after.causes || before.closedAt > 0 !== after.closedAt > 0
  if (records.length === 0 && !isOther) return NO_NOTICES
  // `map` makes an array of the right length; pushing to an empty one would reserve seventeen slots.
  const notices = lastWords(records).map((message): Notice => {
    return { is: message.seq > before.seq ? 'said' : 'changed', message }
  })
  if (isOther) notices.push(STATUS)
  return notices
}

/** The last version of each message that a decision wrote. */
export function lastWords(records: readonly Message[]): readonly Message[] {
  if (records.length < 2) return records
  return [...new Map(records.map((message) => [message.seq, message])).values()].sort((a, b) => a.seq - b.seq)
}
