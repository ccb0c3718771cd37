import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import { lastWords } from '../../conversation/notices.js'
import { IDLE_LIFE_MS, SILENT_LIFE_MS } from '../../conversation/state/lifetimes.js'
import { type Conversation, isSilent } from '../../conversation/state/state.js'
import { listNumber, namesOf } from '../../engine/list-filter.js'
import type { Change } from '../../engine/ports.js'
import { encodeHead } from '../rows/head-row.js'
import { encodeMessage } from '../rows/message-row.js'
import { encodeState } from '../rows/state-row.js'
import { encodeNotification } from './notification-row.js'
import { handledHash, oursHash } from './seen.js'
import type { Remembered } from './state-cache.js'

/** Builds a commit's arguments: only what differs from the base state, since each command in the script costs time. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A long history is trimmed to its cap after this many messages. */
const TIDY_EVERY_MESSAGES = 100

export interface Commit {
  readonly id: ConversationId
  readonly based: Remembered
  /** Null leaves the state as it is. */
  readonly next: { readonly state: Conversation; readonly version: string } | null
  readonly change: Change
  readonly now: number
  readonly seenUntil: number
  /** Its place in the lists if that changes; higher is newer. */
  readonly place: number
  /** The channel on which subscribers are notified. */
  readonly live: string
}

/** In the order of the script's ARGV. */
export function commitArguments(commit: Commit): string[] {
  const { id, based, next, change, now, seenUntil, place, live } = commit
  const { key, ownId, notOurs, notices, notifications } = change
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
  if (next === null) return [...start, '', '', '', '', '', '', '', '0', '', '', '', '0']
  const { state } = next
  const newest = based.state?.seq ?? 0
  const isKept = change.historyTtlMs > 0
  const isFed = notices.length > 0
  const records = isKept || isFed ? lastWords(change.records) : []
  const added = records.filter((message) => message.seq > newest)
  const changed = records.filter((message) => message.seq <= newest)
  const isActive = state.seq > newest
  return [
    ...start,
    change.dueAt === based.dueAt ? '' : score(change.dueAt < FOREVER, change.dueAt),
    ...listing(based.state, state, isActive, place),
    historyExpiresAt(change.historyTtlMs, now),
    isKept && added.length > 0 && !isLifeFresh(change.historyTtlMs, based.state, now) ? '1' : '',
    isKept && added.length > 0 ? tidyBefore(change.historyTtlMs, based.state, state, now) : '',
    String(added.length),
    isFed ? live : '',
    isFed ? encodeHead(state) : '',
    notices.some((notice) => notice.is === 'status') ? '1' : '',
    String(notifications.length),
    ...notifications.map((notification) => encodeNotification(id, notification)),
    ...added.map(encodeMessage),
    ...changed.flatMap((message) => [String(message.seq), encodeMessage(message)]),
  ]
}

/** '0' for not in the set. */
function score(isThere: boolean, at: number): string {
  return isThere ? String(at) : '0'
}

/** The lists that a commit touches: the one for the new state, and the one of the old. */
export function listsTouched(before: Conversation | null, state: Conversation | null): readonly [number, number] {
  const was = (before && listNumber(before)) ?? 0
  return [(state && listNumber(state)) ?? was, was]
}

/** The list arguments of a commit: its place, how it moves, and its search terms. */
function listing(
  before: Conversation | null,
  state: Conversation,
  isActive: boolean,
  place: number,
): readonly [place: string, moves: string, foundBy: string] {
  const was = before === null ? null : listNumber(before)
  const is = listNumber(state)
  if (is === null) return was === null ? ['', '', ''] : ['0', 'moved', '-']
  const isSameName = was !== null && before?.profile === state.profile
  const moves = was === null || was === is ? '' : isActive ? 'moved' : 'moved here'
  return [isActive || was !== is ? String(place) : '', moves, isSameName ? '' : foundBy(state)]
}

/** See FOUND_BY. */
export function foundBy({ profile }: Conversation): string {
  return `+${namesOf(profile).join('\n')}`
}

/** '0' for never. */
function expiresAt(state: Conversation, { keepUntil, historyTtlMs }: Change, now: number): string {
  const life = isSilent(state) ? SILENT_LIFE_MS : Math.max(IDLE_LIFE_MS, historyTtlMs)
  const end = Math.max(keepUntil, now + life)
  // Redis accepts integers only, and would fail on a fraction in the middle of the script.
  return end >= FOREVER ? '0' : String(Math.ceil(end))
}

function historyExpiresAt(ttlMs: number, now: number): string {
  if (ttlMs === 0) return '0'
  return String(ttlMs >= FOREVER ? FOREVER : now + ttlMs + HOUR_MS)
}

/**
 * A history's expiry is renewed once an hour and set that much later than needed; older messages are filtered out
 * when read.
 */
function isLifeFresh(ttlMs: number, before: Conversation | null, now: number): boolean {
  return ttlMs >= DAY_MS && before !== null && sameSpan(before.lastMessageAt, now, HOUR_MS)
}

function tidyBefore(ttlMs: number, before: Conversation | null, state: Conversation, now: number): string {
  const isFirstOfDay = before !== null && !sameSpan(before.lastMessageAt, now, DAY_MS)
  if (!isFirstOfDay && ttlMs >= DAY_MS && state.seq % TIDY_EVERY_MESSAGES !== 0) return ''
  return String(ttlMs >= FOREVER ? 0 : now - ttlMs)
}

function sameSpan(a: number, b: number, span: number): boolean {
  return Math.floor(a / span) === Math.floor(b / span)
}
