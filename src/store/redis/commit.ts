import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Message } from '../../conversation/message.js'
import { type Conversation, isListed, isPaused, isSilent } from '../../conversation/state.js'
import type { Change } from '../../engine/ports.js'
import { encodeMessage, encodeState } from './codec.js'
import { handledHash, oursHash } from './id-hash.js'
import type { Remembered } from './remembered.js'

/** A commit's arguments: only what differs from what it is based on, since every command in the script costs. */

/** How long a conversation is remembered after its last event, at the least … */
const IDLE_LIFE_MS = 7 * 24 * 3_600_000
/** … and one in which nobody ever said anything. */
const SILENT_LIFE_MS = 3_600_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A long history is cut to its cap so often. */
const TIDY_EVERY_MESSAGES = 100

export interface Commit {
  readonly id: ConversationId
  readonly based: Remembered
  /** Null leaves the state as it is. */
  readonly next: { readonly state: Conversation; readonly version: string } | null
  readonly change: Change
  readonly now: number
  readonly seenUntil: number
}

/** In the order that the script takes them. */
export function commitArguments(commit: Commit): string[] {
  const { id, based, next, change, now, seenUntil } = commit
  const { key, ownId, notOurs } = change
  const start = [
    based.version ?? '',
    next === null ? '' : next.version + encodeState(next.state),
    next === null ? '0' : expiresAt(next.state, change, now),
    id,
    key === null ? '' : handledHash(key),
    notOurs === null ? '' : oursHash(notOurs),
    ownId === null ? '' : oursHash(ownId),
    String(seenUntil),
  ]
  if (next === null) return [...start, '', '', '', '', '', '0']
  const { state } = next
  const newest = based.state?.seq ?? 0
  const records = change.historyTtlMs > 0 ? lastWords(change.records) : []
  const added = records.filter((message) => message.seq > newest)
  const changed = records.filter((message) => message.seq <= newest)
  const isActive = state.seq > newest
  return [
    ...start,
    change.dueAt === based.dueAt ? '' : place(change.dueAt < FOREVER, change.dueAt),
    listPlace(isListed, based.state, state, isActive, now),
    listPlace(isPaused, based.state, state, isActive, now),
    isActive ? historyExpiresAt(change.historyTtlMs, based.state, now) : '',
    added.length > 0 ? tidyBefore(change.historyTtlMs, based.state, state, now) : '',
    String(added.length),
    ...added.map(encodeMessage),
    ...changed.flatMap((message) => [String(message.seq - state.seq - 1), encodeMessage(message)]),
  ]
}

/** Of a message that was written twice in one decision the last word counts. */
function lastWords(records: readonly Message[]): readonly Message[] {
  if (records.length < 2) return records
  return [...new Map(records.map((message) => [message.seq, message])).values()].sort((a, b) => a.seq - b.seq)
}

/** '0' for not at all. */
function place(isThere: boolean, score: number): string {
  return isThere ? String(score) : '0'
}

/** A list is ordered by activity: a conversation moves in it when it comes in, and with each message. */
function listPlace(
  isIn: (state: Conversation) => boolean,
  before: Conversation | null,
  state: Conversation,
  isActive: boolean,
  now: number,
): string {
  const was = before !== null && isIn(before)
  const is = isIn(state)
  return was === is && !(is && isActive) ? '' : place(is, now)
}

function expiresAt(state: Conversation, { keepUntil, historyTtlMs }: Change, now: number): string {
  if (keepUntil >= FOREVER || historyTtlMs >= FOREVER) return '0'
  const life = isSilent(state) ? SILENT_LIFE_MS : Math.max(IDLE_LIFE_MS, historyTtlMs)
  return String(Math.max(keepUntil, now + life))
}

/** Set anew once an hour, and that much later than it must be; what is older than its time is not shown meanwhile. */
function historyExpiresAt(ttlMs: number, before: Conversation | null, now: number): string {
  if (ttlMs === 0) return '0'
  if (ttlMs >= FOREVER) return String(FOREVER)
  const isFresh = ttlMs >= DAY_MS && before !== null && sameSpan(before.lastMessageAt, now, HOUR_MS)
  return isFresh ? '' : String(now + ttlMs + HOUR_MS)
}

function tidyBefore(ttlMs: number, before: Conversation | null, state: Conversation, now: number): string {
  const isFirstOfDay = before !== null && !sameSpan(before.lastMessageAt, now, DAY_MS)
  if (!isFirstOfDay && ttlMs >= DAY_MS && state.seq % TIDY_EVERY_MESSAGES !== 0) return ''
  return String(ttlMs >= FOREVER ? 0 : now - ttlMs)
}

function sameSpan(a: number, b: number, span: number): boolean {
  return Math.floor(a / span) === Math.floor(b / span)
}
