import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import type { Conversation } from '../../conversation/state/state.js'
import { beginningOf, listNumber, listsBeforeResume, listsThat, passes } from '../../engine/list-filter.js'
import { type Listed, type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { historyPage } from './history.js'
import { type Keys, PARTITIONS } from './keys.js'
import { byPlace, type Place } from './places.js'
import type { PutRight } from './put-right.js'
import type { StoredState } from './state-cache.js'

/**
 * Enough for all conversations of one partition with the same place: a thousand places are given out per millisecond.
 */
const TIES = 20
/** A partition has its even share of the newest entries, and rarely more than twice that plus this. */
const SPREAD = 8
/** When few entries match, each round reads more, up to this many at a time … */
const MOST_AT_ONCE = 1_000
/** … and this many per page: the page then ends early, and its cursor continues. */
const MOST_FOR_PAGE = 20_000

interface Parts {
  readonly commands: Commands
  readonly keys: Keys
  readonly look: (id: ConversationId) => Promise<StoredState | null>
  readonly putRight: PutRight
  readonly now: () => number
}

interface Found extends Place {
  /** The list in which it was found. */
  readonly list: number
}

export async function listPage(parts: Parts, page: ListPage): Promise<Listing> {
  const { look, putRight, now } = parts
  const shown = new Map<ConversationId, Conversation>()
  let beginning = beginningOf(page)
  let after = page.cursor === null ? null : placeOf(page.cursor)
  let count = page.limit + 1
  for (let left = MOST_FOR_PAGE; left > 0; left -= count) {
    const found = await placesAfter(parts, page, after, count, beginning)
    if (found === null) {
      beginning = null
      continue
    }
    const states = await Promise.all(found.places.map(({ id }) => look(id)))
    for (const [i, place] of found.places.entries()) {
      const state = states[i]?.state ?? null
      // The conversation has expired, or the entry is from an earlier life.
      if (state === null || listNumber(state) !== place.list) await putRight(place)
      if (state !== null && !shown.has(place.id) && passes(state, page, now())) {
        if (shown.size === page.limit) return listing(parts, shown, cursorOf(after!))
        shown.set(place.id, state)
      }
      after = place
    }
    if (found.upTo === null) return listing(parts, shown, null)
    after = found.upTo
    count = Math.min(2 * count, MOST_AT_ONCE)
  }
  return listing(parts, shown, cursorOf(after!))
}

interface FoundPlaces {
  readonly places: readonly Found[]
  /** The place after which there may be more; null at the end. */
  readonly upTo: Place | null
}

/**
 * The next places, up to a limit; null when too many terms match. Each partition gives a little more than its share.
 * The result ends where the first partition may have more than it gave.
 */
async function placesAfter(
  { commands, keys, now }: Parts,
  page: ListPage,
  after: Place | null,
  count: number,
  beginning: string | null,
): Promise<FoundPlaces | null> {
  const dueLists = listsBeforeResume(page)
  const lists = [...listsThat(page), ...dueLists]
  const highest = after === null ? '+inf' : String(after.at)
  const share = 2 * Math.ceil(count / PARTITIONS) + SPREAD + (after === null ? 0 : TIES)
  const prefix = page.page === null ? '' : `${page.page}-`
  const each = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) =>
      commands.list(
        [keys.terms(partition), keys.due(partition), ...lists.map((number) => keys.list(partition, number))],
        [highest, share, beginning ?? '', dueLists.length, now(), prefix],
      ),
    ),
  )
  const ends: Place[] = []
  const found: Found[] = []
  for (const [isGathered, endId, endAt, ...flat] of each) {
    if (isGathered === 0) return null
    if (endId !== '') ends.push({ id: endId as ConversationId, at: Number(endAt) })
    found.push(...foundIn(flat, lists))
  }
  const end = ends.sort(byPlace)[0] ?? null
  const known = found
    .filter((place) => after === null || byPlace(after, place) < 0)
    .filter((place) => end === null || byPlace(place, end) <= 0)
    .sort(byPlace)
  const places = known.slice(0, count)
  return { places, upTo: known.length > count ? places.at(-1)! : end }
}

function foundIn(flat: readonly (string | number)[], lists: readonly number[]): readonly Found[] {
  const found: Found[] = []
  for (let i = 0; i < flat.length; i += 3) {
    const list = lists[Number(flat[i + 2]) - 1]!
    found.push({ id: flat[i] as ConversationId, at: Number(flat[i + 1]), list })
  }
  return found
}

const NEWEST = { before: null, after: null, limit: 1 }

async function listing(
  { commands, keys }: Parts,
  shown: ReadonlyMap<ConversationId, Conversation>,
  nextCursor: string | null,
): Promise<Listing> {
  const withLastMessage = async (state: Conversation): Promise<Listed> => {
    const [lastMessage = null] = await historyPage({ commands, keys }, state.id, NEWEST, 0)
    return { state, lastMessage }
  }
  return { conversations: await Promise.all([...shown.values()].map(withLastMessage)), nextCursor }
}

function cursorOf({ at, id }: Place): string {
  return `${at}.${id}`
}

function placeOf(cursor: string): Place {
  const [, at, text] = /^(\d{1,16})\.(\d+-\d+)$/.exec(cursor) ?? []
  const id = text === undefined ? null : parseConversationId(text)
  if (at === undefined || id === null) {
    throw new RouterError('invalid_request', 'cursor: use the next_cursor of a page.')
  }
  return { at: Number(at), id }
}
