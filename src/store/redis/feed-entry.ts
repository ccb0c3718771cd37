import type { ConversationId } from '../../conversation/ids.js'
import type { Notice } from '../../conversation/notices.js'
import type { FeedEntry } from '../../engine/ports.js'
import { decodeHead } from '../rows/head-row.js'
import { decodeMessage } from '../rows/message-row.js'
import { decodeState } from '../rows/state-row.js'
import { VERSION_WIDTH } from './scripts.js'

/**
 * A feed entry as text: one character for its kind, its conversation, a line break, and the message or the state in
 * its stored form. The script concatenates them, as it has the latter already.
 */

/** The prefix (after the first character) of a conversation's entries only. */
export function headStart(id: ConversationId): string {
  return `["${id}"`
}

export function decodeEntry(streamId: string, text: string, partitionOf: (id: ConversationId) => number): FeedEntry {
  const end = text.indexOf('\n')
  const brief = decodeHead(text.slice(1, end))
  const body = text.slice(end + 1)
  const cursor = cursorOf(streamId, partitionOf(brief.id))
  if (text[0] === STATE)
    return { cursor, state: decodeState(brief.id, body.slice(VERSION_WIDTH)), notice: { is: 'status' } }
  const notice: Notice = { is: text[0] === SAID ? 'said' : 'changed', message: decodeMessage(body) }
  return { cursor, state: brief, notice }
}

const SAID = 's'
const STATE = 't'

/** The position of an entry: its partition's stream and its id there. */
export interface Cursor {
  readonly at: number
  /** In Redis's format. */
  readonly streamId: string
  readonly partition: number
}

const CURSOR = /^(\d{16})-(\d{10})\.(\d{1,2})$/

export function cursorOf(streamId: string, partition: number): string {
  return `${comparable(streamId)}.${partition}`
}

export function parseCursor(text: string): Cursor | null {
  const [, at, nth, partition] = CURSOR.exec(text) ?? []
  if (at === undefined) return null
  return { at: Number(at), streamId: `${Number(at)}-${Number(nth)}`, partition: Number(partition) }
}

/** A stream id with all its digits, so that the order of texts is that of ids. */
export function comparable(streamId: string): string {
  const [at = '', nth = ''] = streamId.split('-')
  return `${at.padStart(16, '0')}-${nth.padStart(10, '0')}`
}
