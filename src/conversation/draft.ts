import type { CustomerMessage, Echo, Reported } from './event.js'
import type { Message, MessageType } from './message.js'
import { NO_REACTIONS } from './message.js'
import { type Conversation, kept } from './state.js'

/** A decision in the making. Only `decide` and what it calls write to it; nothing outside ever sees it. */
export interface Draft {
  state: Conversation
  /** New and changed messages, as the history shall hold them. */
  readonly records: Message[]
}

export type NewMessage = Pick<Message, 'type' | 'status' | 'reason' | 'evidence' | 'source' | 'fromApp'> & {
  readonly type: MessageType
}

/** Appends a message to the history and gives it its `seq`. */
export function append(draft: Draft, content: CustomerMessage | Echo | Reported, as: NewMessage, now: number): Message {
  const { state } = draft
  const said = content.is === 'reported' ? null : content
  const at = said === null ? now : timeOf(said, now)
  const message: Message = {
    seq: state.seq + 1,
    at,
    arrivedAt: now,
    type: as.type,
    kind: content.kind,
    mid: content.mid,
    text: content.text,
    attachments: content.attachments,
    payload: said === null ? null : said.payload,
    status: as.status,
    reason: as.reason,
    evidence: as.evidence,
    source: as.source,
    fromApp: as.fromApp,
    replyTo: said === null ? null : said.replyTo,
    reactions: NO_REACTIONS,
    readAt: 0,
    editedAt: 0,
    deletedAt: 0,
  }
  draft.state = { ...state, seq: message.seq, lastMessageAt: Math.max(state.lastMessageAt, at) }
  draft.records.push(message)
  return message
}

/** When it was said: Meta's word for it, but never the future, which would stay the newest message for ever. */
export function timeOf(event: { readonly at: number }, now: number): number {
  return event.at > 0 ? Math.min(event.at, now) : now
}

/** Changes a message that the history holds, and every copy of it that open work holds. */
export function rewrite(draft: Draft, message: Message): void {
  draft.records.push(message)
  const { state } = draft
  draft.state = {
    ...state,
    waiting: state.waiting.some((each) => each.seq === message.seq)
      ? state.waiting.map((each) => (each.seq === message.seq ? message : each))
      : state.waiting,
    unclaimed: refreshed(state.unclaimed, message),
    setAside: refreshed(state.setAside, message),
    sent: refreshed(state.sent, message),
  }
}

function refreshed<T extends { readonly message: Message }>(list: readonly T[], message: Message): readonly T[] {
  if (!list.some((each) => each.message.seq === message.seq)) return list
  return list.map((each) => (each.message.seq === message.seq ? { ...each, message } : each))
}

/** Takes the messages that wait to be asked out of the queue; the history says why. */
export function dropWaiting(draft: Draft, reason: 'bot_paused' | 'conversation_closed'): readonly Message[] {
  const dropped = draft.state.waiting.map((message): Message => ({ ...message, status: 'skipped', reason }))
  draft.state = { ...draft.state, waiting: kept(draft.state.waiting, () => false) }
  draft.records.push(...dropped)
  return dropped
}
