import { LIST_COUNT } from '../../engine/list-filter.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'
import { PLACES_PER_MS, type Place, pairs } from './places.js'
import type { PutRight } from './put-right.js'

/** A listed conversation is kept for longer than this after its last activity. */
const SHORTEST_LIFE_MS = 7 * 24 * 3_600_000
const AT_ONCE = 200

/**
 * Removes expired conversations from the lists: a part of a partition at each call, the longest silent first. Also
 * trims the partition's feed.
 */
export function createTidying(parts: {
  readonly commands: Commands
  readonly keys: Keys
  readonly putRight: PutRight
  readonly now: () => number
  readonly feedLifeMs: number
}): () => Promise<void> {
  const { commands, keys, putRight, now, feedLifeMs } = parts
  let partition = 0
  let list = 0
  let above = 0
  let underWay: Promise<void> | null = null

  /** An existing conversation was put into this list by its last commit, and stays. */
  async function lookAfter(place: Place): Promise<void> {
    if (!(await commands.exists(keys.conversation(place.id)))) await putRight(place)
  }

  async function tidy(): Promise<void> {
    if (list === 0 && above === 0) await commands.trimFeed(keys.feed(partition), now() - feedLifeMs, 2 * feedLifeMs)
    const highest = (now() - SHORTEST_LIFE_MS) * PLACES_PER_MS
    let left = AT_ONCE
    do {
      const oldest = pairs(await commands.oldest(keys.list(partition, list), above, highest, left))
      await Promise.all(oldest.map(lookAfter))
      if (oldest.length === left) {
        above = oldest.at(-1)!.at
        return
      }
      left -= oldest.length
      above = 0
      list = (list + 1) % LIST_COUNT
    } while (list !== 0)
    partition = (partition + 1) % PARTITIONS
  }

  return () => {
    // Only one run at a time: a second one would start from the same position.
    underWay ??= tidy().finally(() => {
      underWay = null
    })
    return underWay
  }
}
