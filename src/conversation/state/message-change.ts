import type { Deletion, Edit, FeedbackGiven, ReactionChange, Read, Transcribed } from '../event.js'
import { sameTextKey } from '../text/text.js'
import { askedInstead } from './asked-texts.js'
import { CAPS } from './caps.js'
import { changed } from './changed.js'
import { type Draft, rewrite, timeOf } from './draft.js'
import { type Message, NO_ATTACHMENTS, type Reaction } from './message.js'
import { added, type Conversation, type EarlyChange, kept } from './state.js'

/** Changes to a message after it was recorded. A message that the history does not have is left unknown. */

/** Searches the open work too, as a channel may keep no history. */
function openQuestion(state: Conversation, mid: string): Message | null {
  return openQuestions(state).find((message) => message.mid === mid) ?? null
}

export function openWithSeq(state: Conversation, seq: number): Message | null {
  return openQuestions(state).find((message) => message.seq === seq) ?? null
}

function openQuestions({ waiting, asking, setAside }: Conversation): readonly Message[] {
  const held = asking.share === null ? [] : [asking.share.message]
  return [...waiting, ...(asking.run?.messages ?? []), ...held, ...setAside.map(({ message }) => message)]
}

/**
 * Edits or deletes a message; null where it has not come. Deliveries arrive in any order, above all where Meta repeats
 * one that failed: the change is remembered until its message comes.
 */
export function correct(draft: Draft, event: Edit | Deletion, known: Message | null): Message | null {
  const { state, now } = draft
  const message = known ?? openQuestion(state, event.mid)
  if (message !== null) {
    apply(draft, event, message)
    return message
  }
  const { mid } = event
  const others = kept(state.early, (each) => each.mid !== mid)
  const text = event.is === 'edit' ? event.text : null
  const change = { mid, at: now, text, madeAt: timeOf(event, now) }
  if (event.is === 'delete' || hasEffect(change, earlyChange(state, mid))) {
    draft.state = { ...state, early: added(others, change, CAPS.early) }
  }
  return null
}

/** An edit without a text changes nothing, nor one of a deleted message, nor one that was made before the known one. */
function hasEffect({ text, madeAt }: EarlyChange, known: EarlyChange | undefined): boolean {
  return text !== null && (known === undefined || (known.text !== null && known.madeAt <= madeAt))
}

function earlyChange({ early }: Conversation, mid: string | null): EarlyChange | undefined {
  return early.find((each) => each.mid === mid)
}

/** Applies what came before this message, which is new. Returns the message as they leave it. */
export function applyEarly(draft: Draft, message: Message): Message {
  // Nearly always: a search would cost every message a closure.
  if (draft.state.early.length === 0) return message
  const early = earlyChange(draft.state, message.mid)
  if (early === undefined) return message
  const { mid, text } = early
  const at = early.madeAt || early.at
  draft.state = { ...draft.state, early: kept(draft.state.early, (each) => each !== early) }
  return apply(draft, text === null ? { is: 'delete', mid, at } : { is: 'edit', mid, at, text }, message)
}

function apply(draft: Draft, event: Edit | Deletion, message: Message): Message {
  return event.is === 'edit' ? edit(draft, event, message) : remove(draft, event, message)
}

function edit(draft: Draft, event: Edit, message: Message): Message {
  const { now } = draft
  const editedAt = timeOf(event, now)
  // An edit that arrives after the deletion must not restore the text, nor one that arrives after a later edit.
  if (message.outcome.deletedAt > 0 || editedAt < message.outcome.editedAt) return message
  const edited = changed(message, { text: event.text ?? message.text, editedAt })
  rewrite(draft, edited)
  // It is asked as it reads now: the customer may still ask what it said before.
  if (isWaiting(draft, message)) draft.state = askedInstead(draft.state, message, edited)
  return edited
}

function remove(draft: Draft, event: Deletion, message: Message): Message {
  const { now } = draft
  const status = message.status === 'received' ? 'skipped' : message.status
  const gone = { text: null, attachments: NO_ATTACHMENTS, transcription: null, payload: null }
  const removed = changed(message, { ...gone, status, deletedAt: timeOf(event, now) })
  rewrite(draft, removed)
  const { waiting, setAside, asked, asking } = draft.state
  const text = isWaiting(draft, message) && message.text !== null ? sameTextKey(message.text) : null
  // The deleted message is not asked, and the customer may repeat it.
  draft.state = {
    ...draft.state,
    waiting: kept(waiting, (each) => each.seq !== message.seq),
    setAside: kept(setAside, (each) => each.message.seq !== message.seq),
    asking: asking.share?.message.seq === message.seq ? { ...asking, share: null } : asking,
    asked: kept(asked, (each) => each.text !== text),
  }
  return removed
}

function isWaiting({ state }: Draft, { seq }: Message): boolean {
  return state.waiting.some((each) => each.seq === seq)
}

export function react(draft: Draft, event: ReactionChange, message: Message): void {
  const others = message.outcome.reactions.filter((reaction) => reaction.by !== event.by)
  const reactions: readonly Reaction[] =
    event.emoji === null ? others : [...others, { by: event.by, emoji: event.emoji }]
  rewrite(draft, changed(message, { reactions }))
}

export function read(draft: Draft, event: Read, message: Message): void {
  const { now } = draft
  if (message.outcome.readAt === 0) rewrite(draft, changed(message, { readAt: timeOf(event, now) }))
}

/** A voice message was heard. One that was taken back meanwhile stays gone. */
export function transcribe(draft: Draft, { text }: Transcribed, message: Message): void {
  if (message.outcome.deletedAt === 0) rewrite(draft, changed(message, { transcription: text }))
}

export function rate(draft: Draft, { rating, comment }: FeedbackGiven, message: Message): Message {
  const { now } = draft
  const rated = changed(message, { feedback: rating === null ? null : { rating, comment, at: now } })
  rewrite(draft, rated)
  return rated
}
