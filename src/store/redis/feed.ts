import type { ConversationId } from '../../conversation/ids.js'
import { type FeedEntry, type FeedPage, type FeedPart, RouterError } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Cursor, comparable, cursorOf, decodeEntry, headStart, parseCursor } from './feed-entry.js'
import { type Keys, PARTITIONS } from './keys.js'
import { FEED_LENGTH } from './scripts.js'

/** Reads the feed from the streams that the commits append to. */

/**
 * A cursor is a position in one partition. The clocks of the servers with the other partitions may differ by this
 * much.
 */
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

/** Reads the whole overlap, whatever its length: a page that ends within it might never get to new entries. */
async function ofAll(parts: Parts, cursor: Cursor, limit: number): Promise<FeedPage> {
  const at = Math.max(0, cursor.at - OVERLAP_MS)
  const from: Omit<Cursor, 'partition'> = { at, streamId: `${at}-0` }
  const found = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) =>
      // The cursor's own partition has one clock: whoever has the cursor's entry needs none before it.
      read(parts, partition, [partition === cursor.partition ? '' : from.streamId, cursor.streamId, limit + 1, '']),
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
 * Reads all partitions as one feed, newest first. Each contributes a little more than its share of the page. Where
 * one has more, the page ends at what it gave, since older entries of the others may not be next.
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

/** Entries older than this are dropped. */
function oldest({ now, lifeMs }: Parts): number {
  return now() - lifeMs
}

/** The ends of a stream; '' when it does not exist. */
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
 * Whether an entry after that position may have been trimmed. Streams are trimmed at their start only: by length, in
 * which case they still have the maximum length, and by age. Erasing a conversation leaves no gap for its readers.
 */
function isCutAfter({ at, streamId }: Omit<Cursor, 'partition'>, facts: Facts, before: number): boolean {
  const place = comparable(streamId)
  // All feeds are trimmed alike: if the cursor's stream exists, a missing stream never existed.
  if (facts.newest === '' || place >= comparable(facts.newest)) return false
  if (facts.first !== '' && place >= comparable(facts.first)) return false
  return at < before || facts.length >= FEED_LENGTH || place < comparable(facts.cutAt)
}

/** The cursor is from a server that has lost that entry since: what followed it is unknown. */
function isUnknown({ streamId }: Cursor, { newest }: Facts): boolean {
  return newest === '' || comparable(streamId) > comparable(newest)
}
