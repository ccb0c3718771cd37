import type { Policy } from '../channel.js'
import type { CustomerMessage, Echo, Reported } from '../event.js'
import { changedOutcome, originOf } from './changed.js'
import { LISTS } from './lifetimes.js'
import { BACKFILL_SOURCE, type Message, NO_OUTCOME, type Origin, type Outcome } from './message.js'
import type { Asking, Conversation } from './state.js'

/** The draft of a decision. Only `decide` and the functions that it calls change it: what takes a draft changes it. */
export interface Draft {
  readonly policy: Policy
  readonly now: number
  state: Conversation
  /** New and changed messages, in the version that the history is to hold. */
  records: Message[]
  /** Bot messages that were sent before a person's takeover became known. */
  onTheWire: number
}

export type NewMessage = Pick<Message, 'type' | 'status'> &
  Pick<Origin, 'evidence' | 'source' | 'fromApp'> &
  Pick<Outcome, 'reason'> & { readonly answerId?: string | null }

/** Appends a message to the history with the next `seq`. */
export function append(draft: Draft, content: CustomerMessage | Echo | Reported, as: NewMessage): Message {
  const { state, now } = draft
  const said = content.is === 'reported' ? null : content
  const at = said === null ? now : timeOf(said, now)
  const isBackfill = said !== null && said.via === 'backfill'
  const message: Message = {
    seq: state.seq + 1,
    at,
    arrivedAt: now,
    type: as.type,
    kind: content.kind,
    mid: content.mid,
    text: content.text,
    attachments: content.attachments,
    status: as.status,
    origin: originOf(
      as.evidence,
      isBackfill ? BACKFILL_SOURCE : as.source,
      as.fromApp,
      as.answerId ?? null,
      said === null ? null : said.payload,
      said === null ? null : said.replyTo,
      content.is === 'message' ? content.traceparent : null,
    ),
    outcome: as.reason === null ? NO_OUTCOME : changedOutcome(NO_OUTCOME, { reason: as.reason }),
  }
  const customerAt = as.type === 'customer' ? (isBackfill ? Math.max(state.customerAt, at) : now) : state.customerAt
  draft.state = { ...state, seq: message.seq, lastMessageAt: Math.max(state.lastMessageAt, at), customerAt }
  record(draft, message)
  return message
}

function record(draft: Draft, message: Message): void {
  // Most decisions have one: a `push` to an empty array would reserve seventeen slots.
  if (draft.records.length === 0) draft.records = [message]
  else draft.records.push(message)
}

/** When it was said: Meta's time, capped at now, since a future one would stay the newest message for ever. */
export function timeOf(event: { readonly at: number }, now: number): number {
  return event.at > 0 ? Math.min(event.at, now) : now
}

/** Changes a message in the history, and in every list of open work that holds a copy. */
export function rewrite(draft: Draft, message: Message): void {
  record(draft, message)
  let { state } = draft
  for (const list of LISTS) state = list.rewritten(state, message)
  // Always a new object: a change of the history alone is committed and announced like a change of the state.
  draft.state = { ...state, asking: rewrittenIn(state.asking, message) }
}

export function changeAsking(draft: Draft, changes: Partial<Asking>): void {
  draft.state = { ...draft.state, asking: { ...draft.state.asking, ...changes } }
}

function rewrittenIn(asking: Asking, message: Message): Asking {
  const { run, share } = asking
  if (share?.message.seq === message.seq) return { ...asking, share: { ...share, message } }
  if (run === null || !run.messages.some((each) => each.seq === message.seq)) return asking
  return {
    ...asking,
    run: { ...run, messages: run.messages.map((each) => (each.seq === message.seq ? message : each)) },
  }
}
