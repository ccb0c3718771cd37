import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { pauseOf } from '../../conversation/pause.js'
import type { Conversation } from '../../conversation/state.js'
import { type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'

/** A place in the list: by activity, and among those of the same millisecond by id. */
interface Place {
  readonly at: number
  readonly id: ConversationId
}

/** More conversations than this share neither a millisecond nor a partition. */
const TIES = 20
/** How often a page is filled up when what it found is gone or does not pass the filter. */
const MOST_ROUNDS = 20

export async function listPage(
  parts: {
    readonly commands: Commands
    readonly keys: Keys
    readonly read: (id: ConversationId) => Promise<Conversation | null>
    readonly now: () => number
  },
  page: ListPage,
): Promise<Listing> {
  const conversations: Conversation[] = []
  let after = page.cursor === null ? null : placeOf(page.cursor)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const places = await placesAfter(parts, page.bot === 'paused', after, page.limit + 1)
    const states = await Promise.all(places.map(({ id }) => parts.read(id)))
    for (const [i, state] of states.entries()) {
      if (state !== null && passes(state, page.bot, parts.now())) {
        if (conversations.length === page.limit)
          return { conversations, nextCursor: after === null ? null : cursorOf(after) }
        conversations.push(state)
      } else if (state === null) await forget(parts, places[i]!.id)
      after = places[i]!
    }
    if (places.length <= page.limit) return { conversations, nextCursor: null }
  }
  return { conversations, nextCursor: after === null ? null : cursorOf(after) }
}

async function placesAfter(
  { commands, keys }: { readonly commands: Commands; readonly keys: Keys },
  onlyPaused: boolean,
  after: Place | null,
  count: number,
): Promise<readonly Place[]> {
  const highest = after === null ? '+inf' : String(after.at)
  const keyOf = onlyPaused ? keys.paused : keys.activity
  const found = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) =>
      commands.rangeByScore(keyOf(partition), highest, count + (after === null ? 0 : TIES)),
    ),
  )
  return found
    .flatMap(pairs)
    .filter((place) => after === null || byPlace(after, place) < 0)
    .sort(byPlace)
    .slice(0, count)
}

function pairs(flat: readonly string[]): readonly Place[] {
  const places: Place[] = []
  for (let i = 0; i < flat.length; i += 2) places.push({ id: flat[i] as ConversationId, at: Number(flat[i + 1]) })
  return places
}

function byPlace(a: Place, b: Place): number {
  return b.at - a.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function passes(state: Conversation, bot: ListPage['bot'], now: number): boolean {
  if (bot === null) return true
  return (pauseOf(state, now) !== null) === (bot === 'paused')
}

/** Looks at those that were silent longest, and takes out of the lists what has run out. */
export async function forgetGone(commands: Commands, keys: Keys, now: number): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const oldest = pairs(await commands.oldest(keys.activity(partition), now - SHORTEST_LIFE_MS, TIDIED_AT_ONCE))
    for (const { id } of oldest) {
      if ((await commands.get(keys.conversation(id))) === null) await forget({ commands, keys }, id)
    }
  }
}

const SHORTEST_LIFE_MS = 7 * 24 * 3_600_000
const TIDIED_AT_ONCE = 200

/** It ran out by itself, and Redis has no way to take it out of the lists along with that. */
async function forget({ commands, keys }: { commands: Commands; keys: Keys }, id: ConversationId): Promise<void> {
  const partition = keys.partitionOf(id)
  await Promise.all([commands.drop(keys.activity(partition), id), commands.drop(keys.paused(partition), id)])
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
