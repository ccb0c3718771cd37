import { pauseOf } from '../conversation/pause/pause.js'
import type { Message } from '../conversation/state/message.js'
import { type Conversation, hasDeadLetters, isListed, isPaused, type Profile } from '../conversation/state/state.js'
import { foldedKey } from '../conversation/text/words.js'

/** The rules that every store applies to lists of conversations: what the filters mean and what a search matches. */

/** A conversation is listed when it passes every filter that is not null. */
export interface ListFilter {
  readonly bot: 'paused' | 'on' | null
  /** The id of the page. */
  readonly page: string | null
  readonly state: 'open' | 'closed' | null
  /** Whether customer messages wait to be asked. */
  readonly waiting: boolean | null
  readonly dead: boolean | null
  /** Prefix of a name, a username or an id, as normalised by `searchKey`. */
  readonly q: string | null
}

export interface ListPage extends ListFilter {
  readonly limit: number
  readonly cursor: string | null
}

/** A page of the list, newest activity first. */
export interface Listing {
  readonly conversations: readonly Listed[]
  readonly nextCursor: string | null
}

export interface Listed {
  readonly state: Conversation
  /** The newest message in the history, whatever its age; null when the history is empty. */
  readonly lastMessage: Message | null
}

export const NO_FILTER: ListFilter = { bot: null, page: null, state: null, waiting: null, dead: null, q: null }

/** Names are compared up to this length, and `q` may be no longer. */
export const LONGEST_TERM = 64
/** A name is found by a prefix of any of its first words, up to this many. */
const MOST_WORDS = 5

export function passes(state: Conversation, filter: ListFilter, now: number): boolean {
  const { bot, page, waiting, dead, q } = filter
  if (!isListed(state)) return false
  if (waiting !== null && state.waiting.length > 0 !== waiting) return false
  if (dead !== null && hasDeadLetters(state) !== dead) return false
  if (filter.state !== null && state.closedAt > 0 !== (filter.state === 'closed')) return false
  if (bot !== null && (pauseOf(state, now) !== null) !== (bot === 'paused')) return false
  if (page !== null && !state.id.startsWith(`${page}-`)) return false
  return q === null || isFoundBy(state, q)
}

/** `q` as returned by `searchKey`. */
function isFoundBy({ id, profile }: Conversation, q: string): boolean {
  if (id.startsWith(q) || id.startsWith(q, id.indexOf('-') + 1)) return true
  return profile.isKnown && mentions(profile, q) && namesOf(profile).some((name) => name.startsWith(q))
}

/** Quick, and false for most customers: the names need not be taken apart then. */
function mentions({ name, username }: Profile, q: string): boolean {
  return (name !== null && foldedKey(name).includes(q)) || (username !== null && foldedKey(username).includes(q))
}

/** Normalises a search term, a name or an id for comparison; null when nothing is left of it. */
export function searchKey(typed: string): string | null {
  return foldedKey(typed).replace(/^@/, '').slice(0, LONGEST_TERM) || null
}

/** The texts, besides the ids, whose prefixes a search matches. */
export function namesOf({ name, username }: Profile): readonly string[] {
  const names = new Set<string>()
  if (username !== null) names.add(foldedKey(username))
  if (name !== null) {
    const words = foldedKey(name).split(' ')
    for (let i = 0; i < Math.min(words.length, MOST_WORDS); i++) names.add(words.slice(i).join(' '))
  }
  return [...names].map((text) => text.slice(0, LONGEST_TERM)).filter((text) => text !== '')
}

/**
 * Each conversation is in exactly one of sixteen lists, by the properties that the filters test. A filter is then a
 * union of whole lists, and a query never scans conversations that do not pass.
 */
export const LIST_COUNT = 16
const PAUSED = 1
const CLOSED = 2
const WAITING = 4
const DEAD = 8

/**
 * The list by the state as committed: a conversation whose pause has ended stays in a list of paused ones until its
 * next commit.
 */
export function listNumber(state: Conversation): number | null {
  if (!isListed(state)) return null
  return (
    (isPaused(state) ? PAUSED : 0) |
    (state.closedAt > 0 ? CLOSED : 0) |
    (state.waiting.length > 0 ? WAITING : 0) |
    (hasDeadLetters(state) ? DEAD : 0)
  )
}

export function listsThat({ bot, state, waiting, dead }: ListFilter): readonly number[] {
  const isWanted = (list: number, bit: number, wanted: boolean | null): boolean =>
    wanted === null || ((list & bit) !== 0) === wanted
  return Array.from({ length: LIST_COUNT }, (_, list) => list).filter(
    (list) =>
      isWanted(list, PAUSED, bot === null ? null : bot === 'paused') &&
      isWanted(list, CLOSED, state === null ? null : state === 'closed') &&
      isWanted(list, WAITING, waiting) &&
      isWanted(list, DEAD, dead),
  )
}

/** Lists that may hold passing conversations although they were filed as not passing: their pause has ended since. */
export function listsBeforeResume(filter: ListFilter): readonly number[] {
  return filter.bot === 'on' ? listsThat({ ...filter, bot: 'paused' }) : []
}

/** The id prefix to read by: of the search term if there is one, else of the page; null for all. */
export function beginningOf({ page, q }: Pick<ListFilter, 'page' | 'q'>): string | null {
  return q ?? (page === null ? null : `${page}-`)
}
