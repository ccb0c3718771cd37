import type { Deletion, Edit, FeedbackGiven, ReactionChange, Read, Transcribed } from '../event.js'
import { sameTextKey } from '../text/text.js'
import { changed } from './changed.js'
import { type Draft, rewrite, timeOf } from './draft.js'
import { type Message, NO_ATTACHMENTS, type Reaction } from './message.js'
import { type Conversation, kept } from './state.js'

/** Changes to a message after it was recorded. A message that the history does not have is left unknown. */

/** Searches the open work too, as a channel may keep no history. */
export function openQuestion(state: Conversation, mid: string): Message | null {
  return openQuestions(state).find((message) => message.mid === mid) ?? null
}

export function openWithSeq(state: Conversation, seq: number): Message | null {
  return openQuestions(state).find((message) => message.seq === seq) ?? null
}

function openQuestions({ waiting, asking, setAside }: Conversation): readonly Message[] {
  const held = asking.share === null ? [] : [asking.share.message]
  return [...waiting, ...(asking.run?.messages ?? []), ...held, ...setAside.map(({ message }) => message)]
}

export function edit(draft: Draft, event: Edit, message: Message): void {
  const { now } = draft
  // An edit that arrives after the deletion must not restore the text.
  if (message.outcome.deletedAt > 0) return
  rewrite(draft, changed(message, { text: event.text ?? message.text, editedAt: timeOf(event, now) }))
}

export function remove(draft: Draft, event: Deletion, message: Message): void {
  const { now } = draft
  const status = message.status === 'received' ? 'skipped' : message.status
  const gone = { text: null, attachments: NO_ATTACHMENTS, transcription: null, payload: null }
  rewrite(draft, changed(message, { ...gone, status, deletedAt: timeOf(event, now) }))
  const { waiting, setAside, asked, asking } = draft.state
  const isWaiting = waiting.some((each) => each.seq === message.seq)
  const text = isWaiting && message.text !== null ? sameTextKey(message.text) : null
  // The deleted message is not asked, and the customer may repeat it.
  draft.state = {
    ...draft.state,
    waiting: kept(waiting, (each) => each.seq !== message.seq),
    setAside: kept(setAside, (each) => each.message.seq !== message.seq),
    asking: asking.share?.message.seq === message.seq ? { ...asking, share: null } : asking,
    asked: kept(asked, (each) => each.text !== text),
  }
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
