import type { Known } from '../../conversation/decide.js'
import type { ConversationId } from '../../conversation/ids.js'
import { isReadable, type Message } from '../../conversation/state/message.js'
import type { Question } from '../../engine/ports.js'
import type { Entry } from './entry.js'
import { newestThat } from './history.js'
import { HANDLED, OURS, type SeenTable } from './seen.js'

const UNKNOWN: Known = { isSeen: false, isOurs: false, message: null }

/** What the store knows of an event's message. */
export function knownOf(seen: SeenTable, entry: Entry | null, id: ConversationId, question: Question): Known {
  const { key, find } = question
  if (key === null && find === null) return UNKNOWN
  const isSeen = key !== null && (seen.look(id, key) & HANDLED) !== 0
  if (find?.is === 'seq') return { isSeen, isOurs: false, message: withSeq(entry, find.seq) }
  if (find === null) return isSeen ? { isSeen, isOurs: false, message: withMid(entry, key) } : UNKNOWN
  if (find.is === 'read_up_to') {
    const message = entry === null ? null : newestThat(entry, (each) => isReadable(each, find.at))
    return { isSeen, isOurs: false, message }
  }
  const tags = seen.look(id, find.mid)
  const isOurs = (tags & OURS) !== 0
  const isRemembered = isSeen || (find.is === 'recent' ? tags !== 0 : isOurs)
  if (find.is !== 'mid' && !isRemembered) return UNKNOWN
  return { isSeen, isOurs, message: withMid(entry, find.mid) }
}

function withMid(entry: Entry | null, mid: string | null): Message | null {
  return entry === null ? null : newestThat(entry, (each) => each.mid === mid)
}

function withSeq(entry: Entry | null, seq: number): Message | null {
  return entry === null ? null : newestThat(entry, (each) => each.seq === seq)
}
