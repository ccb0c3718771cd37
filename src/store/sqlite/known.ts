import type { Known } from '../../conversation/decide.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Question } from '../../engine/ports.js'
import type { MessageReader } from './message-table.js'
import type { Seen } from './seen.js'

/** Looks up what is stored about an event: whether its key was handled, whether its id is ours, and its message. */
export function knownOf(
  { seen, messages }: { readonly seen: Seen; readonly messages: MessageReader },
  id: ConversationId,
  { key, find }: Question,
): Known {
  const isSeen = key !== null && seen.isHandled(id, key)
  if (find?.is === 'seq') return { isSeen, isOurs: false, message: messages.withSeq(id, find.seq) }
  if (find?.is === 'read_up_to') return { isSeen, isOurs: false, message: messages.readUpTo(id, find.at) }
  const mid = find?.mid ?? null
  const isOurs = mid !== null && seen.isOurs(id, mid)
  const isRecent = mid !== null && find?.is === 'recent' && seen.isHandled(id, mid)
  const wanted = isSeen ? (mid ?? key) : mid
  const isWorthwhile = isSeen || isOurs || isRecent || find?.is === 'mid'
  return { isSeen, isOurs, message: isWorthwhile && wanted !== null ? messages.withMid(id, wanted) : null }
}
