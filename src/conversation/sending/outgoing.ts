import type { OutgoingMessage } from '../event.js'
import { runThatSent, withFurtherParts } from '../expected/spoken-runs.js'
import { introduce } from '../outbox/intro.js'
import { patchOutbox, queue, record, type Said } from '../outbox/outbox.js'
import { whySilent } from '../pause/why-silent.js'
import { CAPS } from '../state/caps.js'
import type { Draft } from '../state/draft.js'
import type { Message } from '../state/message.js'
import type { Post } from '../state/outbox-state.js'
import { added } from '../state/state.js'
import { personSpoke } from '../takeover/takeover.js'

/** Messages that callers of the API send. */

export type Taken =
  /** `isRepeat`: accepted before under the same key. */
  | { readonly is: 'taken'; readonly post: Post; readonly isRepeat: boolean }
  /** The key was used for another message. */
  | { readonly is: 'other_body' }
  | { readonly is: 'too_many' }

export function takeOutgoing(draft: Draft, event: OutgoingMessage): Taken {
  const { policy, now } = draft
  const { key, body, type, source } = event
  const known = key === null ? undefined : draft.state.outbox.posts.find((post) => post.key === key)
  if (known !== undefined) {
    return known.body === body ? { is: 'taken', post: known, isRepeat: true } : { is: 'other_body' }
  }
  if (draft.state.outbox.parts.length >= CAPS.parts) return { is: 'too_many' }
  const isPersons = type === 'support'
  const reason = isPersons ? null : whySilent(draft.state, policy, now)
  const leaves = isPersons ? 'always' : 'while_on'
  if (type === 'AI' && reason === null) introduce(draft)
  const said: Said = { type, answer: event.answer, source, tag: event.tag, leaves }
  const message =
    reason === null ? queue(draft, said) : record(draft, said, { status: 'cancelled', reason })[0]!.message
  noteParts(draft, message)
  if (isPersons) personSpoke(draft, message, 'support_message')
  const post: Post = { key: key ?? '', body, at: now, seq: message.seq, reason }
  if (key !== null) patchOutbox(draft, { posts: added(draft.state.outbox.posts, post, CAPS.posts) })
  return { is: 'taken', post, isRepeat: false }
}

/** A mark announces the text, not the parts into which we split it. */
function noteParts(draft: Draft, first: Message): void {
  const run = runThatSent(draft.state, first)
  const others = draft.state.seq - first.seq
  if (run === null || others === 0) return
  const seqs = Array.from({ length: others }, (_, index) => first.seq + 1 + index)
  draft.state = withFurtherParts(draft.state, run, seqs)
}
