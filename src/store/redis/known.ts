import type { Known } from '../../conversation/decide.js'
import type { ConversationId } from '../../conversation/ids.js'
import { isReadable, type Message } from '../../conversation/state/message.js'
import type { Find, Question } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { findMessage, historyPage } from './history.js'
import type { Keys } from './keys.js'
import { handledHash, oursHash, periodAt } from './seen.js'

/**
 * What the store knows of an event besides the state: whether it was handled, whether its message is ours, and that
 * message.
 */
export function createKnown({
  commands,
  keys,
  now,
}: {
  readonly commands: Commands
  readonly keys: Keys
  readonly now: () => number
}): (id: ConversationId, question: Question) => Promise<Known> {
  async function isMarked(id: ConversationId, hash: string | null): Promise<boolean> {
    if (hash === null) return false
    const period = periodAt(now())
    const [inThis, inLast] = await Promise.all([
      commands.isMember(keys.seen(id, period), hash),
      commands.isMember(keys.seen(id, period - 1), hash),
    ])
    return inThis || inLast
  }

  async function messageFor(id: ConversationId, find: Find | null, mid: string | null): Promise<Message | null> {
    if (find?.is === 'seq') {
      const page = { before: find.seq + 1, after: find.seq - 1, limit: 1 }
      return (await historyPage({ commands, keys }, id, page, 0))[0] ?? null
    }
    if (find?.is === 'read_up_to') {
      return findMessage({ commands, keys }, id, (message) => isReadable(message, find.at))
    }
    return findMessage({ commands, keys }, id, (message) => message.mid === mid, JSON.stringify(mid))
  }

  return async (id, { key, find }) => {
    const mid = find !== null && 'mid' in find ? find.mid : null
    const [isSeen, isOurs, isHandled] = await Promise.all([
      isMarked(id, key === null ? null : handledHash(key)),
      isMarked(id, mid === null ? null : oursHash(mid)),
      isMarked(id, mid === null || find?.is !== 'recent' ? null : handledHash(mid)),
    ])
    const wanted = isSeen ? (mid ?? key) : mid
    const isWorthwhile = isSeen || isOurs || isHandled || find?.is === 'mid' || (find !== null && mid === null)
    return { isSeen, isOurs, message: isWorthwhile ? await messageFor(id, find, wanted) : null }
  }
}

export const NOTHING_KNOWN: Known = { isSeen: false, isOurs: false, message: null }
