import { FEED_LIFE_MS } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'
import { PLACES_PER_MS, pairs } from './places.js'

/** A listed conversation lives longer than that after its last activity. */
const SHORTEST_LIFE_MS = 7 * 24 * 3_600_000
const AT_ONCE = 200

/**
 * Takes conversations that have run out out of the lists: a part of a partition at each call, those that were silent
 * longest first, one partition after the other; and what its feed held for long enough.
 */
export function createTidying(commands: Commands, keys: Keys, now: () => number): () => Promise<void> {
  let partition = 0
  let above = 0

  return async () => {
    if (above === 0) await commands.trimFeed(keys.feed(partition), now() - FEED_LIFE_MS, 2 * FEED_LIFE_MS)
    const highest = (now() - SHORTEST_LIFE_MS) * PLACES_PER_MS
    const oldest = pairs(await commands.oldest(keys.activity(partition), above, highest, AT_ONCE))
    const ids = oldest.map(({ id }) => id)
    if (ids.length > 0) {
      const lists = [keys.activity(partition), keys.paused(partition), keys.withDeadLetters(partition)]
      await commands.forget(lists, keys.conversationsOf(partition), ids)
    }
    above = oldest.length < AT_ONCE ? 0 : oldest.at(-1)!.at
    if (above === 0) partition = (partition + 1) % PARTITIONS
  }
}
