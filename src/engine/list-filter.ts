import { pauseOf } from '../conversation/pause/pause.js'
import type { Message } from '../conversation/state/message.js'
import { type Conversation, hasDeadLetters, isListed, isPaused, type Profile } from '../conversation/state/state.js'
import { foldedKey } from '../conversation/text/words.js'

/** What every store must mean alike by a list of conversations: which it shows, and what a search finds. */

/** Which conversations a list shows: all filters that are not null must hold. */
export interface ListFilter {
  readonly bot: 'paused' | 'on' | null
  /** The page's id. */
  readonly page: string | null
  readonly state: 'open' | 'closed' | null
  /** Customer's messages wait to be asked. */
  readonly waiting: boolean | null
  readonly dead: boolean | null
  /** What a name, a username or an id begins with, as `searchKey` makes it. */
  readonly q: string | null
}

export interface ListPage extends ListFilter {
  readonly limit: number
  readonly cursor: string | null
}

/** The newest activity first. */
export interface Listing {
  readonly conversations: readonly Listed[]
  readonly nextCursor: string | null
}

export interface Listed {
  readonly state: Conversation
  /** The newest of the history, whatever its age; null where the history has none. */
  readonly lastMessage: Message | null
}

export const NO_FILTER: ListFilter = { bot: null, page: null, state: null, waiting: null, dead: null, q: null }

/** A search compares so many characters of a name; `q` itself may be no longer. */
export const LONGEST_TERM = 64
/** A name is found by the beginning of each of its first words. */
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

/** `q` as `searchKey` makes it. */
function isFoundBy({ id, profile }: Conversation, q: string): boolean {
  if (id.startsWith(q) || id.startsWith(q, id.indexOf('-') + 1)) return true
  return profile.isKnown && namesOf(profile).some((name) => name.startsWith(q))
}

/** What somebody typed, as it is compared with names and ids; null where nothing is left of it. */
export function searchKey(typed: string): string | null {
  return foldedKey(typed).replace(/^@/, '').slice(0, LONGEST_TERM) || null
}

/** The texts besides the ids that a search finds a customer by the beginning of. */
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
 * A conversation is in exactly one of sixteen lists, by what the filters tell apart: a filter then names the lists that
 * it is made of, and nobody has to look through conversations that do not pass.
 */
export const LIST_COUNT = 16
const PAUSED = 1
const CLOSED = 2
const WAITING = 4
const DEAD = 8

/** By what the commit recorded: whose pause has run out since is among the paused until it is taken up. */
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

/** Where conversations may be that pass by now, though not when they were put there: their pause has run out since. */
export function listsBeforeResume(filter: ListFilter): readonly number[] {
  return filter.bot === 'on' ? listsThat({ ...filter, bot: 'paused' }) : []
}

/** What the ids begin with that are looked for first: a search's beginning, else a page's; null for any. */
export function beginningOf({ page, q }: Pick<ListFilter, 'page' | 'q'>): string | null {
  return q ?? (page === null ? null : `${page}-`)
}
