import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { pauseOf } from '../../conversation/pause/pause.js'
import { type Conversation, hasDeadLetters } from '../../conversation/state/state.js'
import { type Listing, type ListPage, RouterError } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'
import { byPlace, type Place, pairs } from './places.js'

/** More conversations than this share neither a partition nor a place, which are given out a thousand a millisecond. */
const TIES = 20
/** How often a page is filled up when what it found is gone or does not pass the filter. */
const MOST_ROUNDS = 20

interface Parts {
  readonly commands: Commands
  readonly keys: Keys
  readonly read: (id: ConversationId) => Promise<Conversation | null>
  readonly now: () => number
}

export async function listPage(parts: Parts, page: ListPage): Promise<Listing> {
  const conversations: Conversation[] = []
  let after = page.cursor === null ? null : placeOf(page.cursor)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const places = await placesAfter(parts, page.only, after, page.limit + 1)
    const states = await Promise.all(places.map(({ id }) => parts.read(id)))
    for (const [i, state] of states.entries()) {
      if (state === null) await forget(parts, places[i]!.id)
      else if (passes(state, page.only, parts.now())) {
        if (conversations.length === page.limit) return { conversations, nextCursor: cursorOf(after!) }
        conversations.push(state)
      }
      after = places[i]!
    }
    if (places.length <= page.limit) return { conversations, nextCursor: null }
  }
  return { conversations, nextCursor: cursorOf(after!) }
}

async function placesAfter(
  { commands, keys }: Parts,
  only: ListPage['only'],
  after: Place | null,
  count: number,
): Promise<readonly Place[]> {
  const highest = after === null ? '+inf' : String(after.at)
  const keyOf = only === 'paused' ? keys.paused : only === 'dead' ? keys.withDeadLetters : keys.activity
  const found = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) =>
      commands.newest(keyOf(partition), highest, count + (after === null ? 0 : TIES)),
    ),
  )
  return found
    .flatMap(pairs)
    .filter((place) => after === null || byPlace(after, place) < 0)
    .sort(byPlace)
    .slice(0, count)
}

function passes(state: Conversation, only: ListPage['only'], now: number): boolean {
  if (only === null) return true
  if (only === 'dead') return hasDeadLetters(state)
  return (pauseOf(state, now) !== null) === (only === 'paused')
}

/** It may have come back since it was looked for: the server looks again. */
function forget({ commands, keys }: Parts, id: ConversationId): Promise<void> {
  const partition = keys.partitionOf(id)
  const lists = [keys.activity(partition), keys.paused(partition), keys.withDeadLetters(partition)]
  return commands.forget(lists, keys.conversationsOf(partition), [id])
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
