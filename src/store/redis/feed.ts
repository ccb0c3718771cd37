import type { ConversationId } from '../../conversation/ids.js'
import { type FeedEntry, type FeedPage, type FeedPart, RouterError } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Cursor, comparable, cursorOf, decodeEntry, headStart, parseCursor } from './feed-entry.js'
import { type Keys, PARTITIONS } from './keys.js'
import { FEED_LENGTH } from './scripts.js'

/** What was fed, read from the streams that the commits add to. */

/** A cursor stands in one partition only. The clocks of the servers that hold the others may differ by so much. */
const OVERLAP_MS = 2_000

interface Parts {
  readonly commands: Commands
  readonly keys: Keys
  readonly now: () => number
  readonly lifeMs: number
}

export function readFeed(parts: Parts, after: string, id: ConversationId | null, limit: number): Promise<FeedPage> {
  const cursor = parseCursor(after)
  const isOne = cursor !== null && cursor.partition < PARTITIONS
  if (!isOne || (id !== null && parts.keys.partitionOf(id) !== cursor.partition)) {
    return Promise.reject(new RouterError('invalid_request', 'after: use the id of a frame.'))
  }
  return id === null ? ofAll(parts, cursor, limit) : ofOne(parts, cursor, id, limit)
}

async function ofOne(parts: Parts, cursor: Cursor, id: ConversationId, limit: number): Promise<FeedPage> {
  const { facts, entries } = await read(parts, cursor.partition, ['', cursor.streamId, limit + 1, headStart(id)])
  return {
    entries: entries.slice(0, limit),
    isTooOld: isCutAfter(cursor, facts, oldest(parts)) || isUnknown(cursor, facts),
    isCut: entries.length > limit,
  }
}

/** All that the overlap holds, whatever its length: otherwise a page could end before it got to something new. */
async function ofAll(parts: Parts, cursor: Cursor, limit: number): Promise<FeedPage> {
  const at = Math.max(0, cursor.at - OVERLAP_MS)
  const from: Omit<Cursor, 'partition'> = { at, streamId: `${at}-0` }
  const found = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) =>
      read(parts, partition, [from.streamId, cursor.streamId, limit + 1, '']),
    ),
  )
  const sorted = found.flatMap(({ entries }) => entries).sort((a, b) => (a.cursor < b.cursor ? -1 : 1))
  const place = comparable(cursor.streamId)
  const isLater = (entry: FeedEntry): boolean => entry.cursor.slice(0, place.length) > place
  const end = sorted.length - sorted.filter(isLater).length + limit
  const before = oldest(parts)
  return {
    entries: sorted.slice(0, end),
    isTooOld: found.some(({ facts }, partition) =>
      partition === cursor.partition
        ? isCutAfter(cursor, facts, before) || isUnknown(cursor, facts)
        : isCutAfter(from, facts, before),
    ),
    isCut: sorted.length > end,
  }
}

/**
 * Of all partitions as one. From each comes a share of the page and some more; where one has more than that, the page
 * ends with what is known of it, since what the others have before that may not be the next.
 */
export async function readFeedBack(
  { commands, keys }: Pick<Parts, 'commands' | 'keys'>,
  before: string | null,
  limit: number,
): Promise<FeedPart> {
  const cursor = before === null ? null : parseCursor(before)
  if (before !== null && cursor === null) {
    throw new RouterError('invalid_request', 'cursor: use the next_cursor of a page.')
  }
  const share = 2 * Math.ceil(limit / PARTITIONS) + 2
  const each = await Promise.all(
    Array.from({ length: PARTITIONS }, async (_, partition) => {
      const entries = await commands.feedBack(keys.feed(partition), cursor?.streamId ?? '+', share)
      return entries.map(([id, text]) => ({ id, text, cursor: cursorOf(id, partition) }))
    }),
  )
  const known = each.reduce((end, entries) => {
    const last = entries.length < share ? '' : entries.at(-1)!.cursor
    return last > end ? last : end
  }, '')
  const all = each.flat().filter((entry) => before === null || entry.cursor < before)
  const page = all
    .filter((entry) => entry.cursor >= known)
    .sort((a, b) => (a.cursor > b.cursor ? -1 : 1))
    .slice(0, limit)
  const entries = page.map(({ id, text }) => decodeEntry(id, text, keys.partitionOf))
  return { entries, isCut: page.length < all.length || known !== '' }
}

/** What was fed before that is gone. */
function oldest({ now, lifeMs }: Parts): number {
  return now() - lifeMs
}

/** What there is to know about the ends of a stream; '' where there is none. */
interface Facts {
  readonly newest: string
  readonly first: string
  readonly length: number
  readonly cutAt: string
}

async function read(
  { commands, keys }: Parts,
  partition: number,
  args: Parameters<Commands['feed']>[1],
): Promise<{ readonly facts: Facts; readonly entries: readonly FeedEntry[] }> {
  const [newest, first, length, cutAt, ...flat] = await commands.feed(
    [keys.feed(partition), keys.feedFrom(partition)],
    args,
  )
  const entries: FeedEntry[] = []
  for (let i = 0; i < flat.length; i += 2) entries.push(decodeEntry(flat[i]!, flat[i + 1]!, keys.partitionOf))
  return { facts: { newest, first, length, cutAt }, entries }
}

/**
 * Whether something after that may have been cut off. Streams are cut at their beginning alone: for their length, which
 * then is at least what it may be, and for their age. An erased conversation leaves no gap in anybody's view.
 */
function isCutAfter({ at, streamId }: Omit<Cursor, 'partition'>, facts: Facts, before: number): boolean {
  const place = comparable(streamId)
  // All feeds are tidied alike: where the cursor's own is there, one that is not has never been.
  if (facts.newest === '' || place >= comparable(facts.newest)) return false
  if (facts.first !== '' && place >= comparable(facts.first)) return false
  return at < before || facts.length >= FEED_LENGTH || place < comparable(facts.cutAt)
}

/** Given out by a server that has lost it since: nobody can tell what came after it. */
function isUnknown({ streamId }: Cursor, { newest }: Facts): boolean {
  return newest === '' || comparable(streamId) > comparable(newest)
}
