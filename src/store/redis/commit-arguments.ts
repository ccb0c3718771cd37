import { FOREVER } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import { lastWords } from '../../conversation/notices.js'
import { IDLE_LIFE_MS, SILENT_LIFE_MS } from '../../conversation/state/lifetimes.js'
import type { Message } from '../../conversation/state/message.js'
import { type Conversation, isSilent } from '../../conversation/state/state.js'
import { decimal } from '../../conversation/text/decimal.js'
import { listNumber, namesOf } from '../../engine/list-filter.js'
import type { Change } from '../../engine/ports.js'
import { encodeHead } from '../rows/head-row.js'
import { type MessageTexts, textOf } from '../rows/message-texts.js'
import { encodeState } from '../rows/state-row.js'
import type { CommitArguments } from './commit-script.js'
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
  readonly next: {
    readonly state: Conversation
    readonly version: string
    readonly texts: MessageTexts
  } | null
  readonly change: Change
  readonly now: number
  readonly seenUntil: number
  /** Its place in the lists if that changes; higher is newer. */
  readonly place: number
  /** The channel on which subscribers are notified. */
  readonly live: string
}

export function commitArguments({ id, based, next, change, now, seenUntil, place, live }: Commit): CommitArguments {
  const { key, ownId, notOurs, notices, notifications, historyTtlMs } = change
  const state = next?.state ?? null
  const newest = based.state?.seq ?? 0
  const isKept = historyTtlMs > 0
  const isFed = state !== null && notices.length > 0
  const records = state !== null && (isKept || isFed) ? lastWords(change.records) : NO_MESSAGES
  const added = records.filter((message) => message.seq > newest)
  const changed = records.filter((message) => message.seq <= newest)
  const isAdded = isKept && added.length > 0
  const listed = state === null ? NOT_LISTED : listing(based.state, state, state.seq > newest, place)
  // One literal: an object of so many fields that is put together from others costs ten times as much.
  return {
    based: based.version ?? '',
    value: next === null ? '' : next.version + encodeState(next.state, next.texts),
    expiresAt: state === null ? '' : expiresAt(state, change, now),
    id,
    handled: key === null ? '' : handledHash(key),
    notOurs: notOurs === null ? '' : oursHash(notOurs),
    ownId: ownId === null ? '' : oursHash(ownId),
    seenUntil: decimal(seenUntil),
    dueAt: state === null || change.dueAt === based.dueAt ? '' : score(change.dueAt < FOREVER, change.dueAt),
    place: listed.place,
    moves: listed.moves,
    foundBy: listed.foundBy,
    historyExpiresAt: state === null ? '' : historyExpiresAt(historyTtlMs, now),
    isSetAnew: isAdded && !isLifeFresh(historyTtlMs, based.state, now) ? '1' : '',
    tidyBefore: isAdded && state !== null ? tidyBefore(historyTtlMs, based.state, state, now) : '',
    added: added.length === 0 ? '' : String(added.length),
    waiting: state !== null && isAdded ? numbersOf(added.filter((message) => state.waiting.includes(message))) : '',
    live: isFed ? live : '',
    head: isFed ? encodeHead(state) : '',
    isStateTold: isFed && notices.some((notice) => notice.is === 'status') ? '1' : '',
    notified: state === null || notifications.length === 0 ? '' : String(notifications.length),
    more: next === null ? [] : more(id, notifications, added, changed, next),
  }
}

function numbersOf(messages: readonly Message[]): string {
  let numbers = ''
  for (const { seq } of messages) numbers += ` ${seq} `
  return numbers
}

function more(
  id: ConversationId,
  notifications: Change['notifications'],
  added: readonly Message[],
  changed: readonly Message[],
  { state, texts: known }: Pick<NonNullable<Commit['next']>, 'state' | 'texts'>,
): readonly string[] {
  const texts: string[] = []
  for (const notification of notifications) texts.push(encodeNotification(id, notification))
  for (const message of added) texts.push(textOf(message, state, known))
  for (const message of changed) texts.push(String(message.seq), textOf(message, state, known))
  return texts
}

const NO_MESSAGES: readonly Message[] = []

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
): Pick<CommitArguments, 'place' | 'moves' | 'foundBy'> {
  const was = before === null ? null : listNumber(before)
  const is = listNumber(state)
  if (is === null) return was === null ? NOT_LISTED : GONE
  const isSameName = was !== null && before?.profile === state.profile
  const moves = was === null || was === is ? '' : isActive ? 'moved' : 'moved here'
  return { place: isActive || was !== is ? decimal(place) : '', moves, foundBy: isSameName ? '' : foundBy(state) }
}

const NOT_LISTED = { place: '', moves: '', foundBy: '' }
const GONE = { place: '0', moves: 'moved', foundBy: '-' }

/** See FOUND_BY. */
export function foundBy({ profile }: Conversation): string {
  return `+${namesOf(profile).join('\n')}`
}

/** '' for never. */
function expiresAt(state: Conversation, { keepUntil, historyTtlMs }: Change, now: number): string {
  const life = isSilent(state) ? SILENT_LIFE_MS : Math.max(IDLE_LIFE_MS, historyTtlMs)
  const end = Math.max(keepUntil, now + life)
  // Redis accepts integers only, and would fail on a fraction in the middle of the script.
  return end >= FOREVER ? '' : decimal(Math.ceil(end))
}

function historyExpiresAt(ttlMs: number, now: number): string {
  if (ttlMs === 0) return '0'
  return decimal(ttlMs >= FOREVER ? FOREVER : now + ttlMs + HOUR_MS)
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
