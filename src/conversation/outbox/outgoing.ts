import type { Policy } from '../channel.js'
import type { OutgoingMessage } from '../event.js'
import { personSpoke } from '../pause/takeover.js'
import { whySilent } from '../question/why-not-asked.js'
import type { Draft } from '../state/draft.js'
import { added, type Post } from '../state/state.js'
import { MOST_PARTS, patchOutbox, queue, record, type Said } from './outbox.js'

/** Somebody has us send a message. */

/** How long a caller may come again with the same key. */
export const POST_LIFE_MS = 24 * 3_600_000
/** Beyond that the oldest key is forgotten before its time: so many keyed messages a day no conversation has. */
const MOST_POSTS = 200

export type Taken =
  /** `isRepeat`: it was taken before, under the same key. */
  | { readonly is: 'taken'; readonly post: Post; readonly isRepeat: boolean }
  /** The key was used for another message. */
  | { readonly is: 'other_body' }
  | { readonly is: 'too_many' }

export function takeOutgoing(draft: Draft, event: OutgoingMessage, policy: Policy, now: number): Taken {
  const { key, body, type } = event
  const known = key === null ? undefined : draft.state.outbox.posts.find((post) => post.key === key)
  if (known !== undefined) {
    return known.body === body ? { is: 'taken', post: known, isRepeat: true } : { is: 'other_body' }
  }
  if (draft.state.outbox.parts.length >= MOST_PARTS) return { is: 'too_many' }
  const isPersons = type === 'support'
  const reason = isPersons ? null : whySilent(draft.state, policy, now)
  const said: Said = { ...event, leaves: isPersons ? 'always' : 'while_on' }
  const message =
    reason === null
      ? queue(draft, said, policy, now)
      : record(draft, said, { status: 'cancelled', reason }, policy, now)[0]!
  if (isPersons) personSpoke(draft, message, 'support_message', policy, now)
  const post: Post = { key: key ?? '', body, at: now, seq: message.seq, reason }
  if (key !== null) patchOutbox(draft, { posts: added(draft.state.outbox.posts, post, MOST_POSTS) })
  return { is: 'taken', post, isRepeat: false }
}
