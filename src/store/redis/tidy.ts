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
export function createTidying(parts: {
  readonly commands: Commands
  readonly keys: Keys
  readonly now: () => number
  readonly feedLifeMs: number
}): () => Promise<void> {
  const { commands, keys, now, feedLifeMs } = parts
  let partition = 0
  let above = 0

  return async () => {
    if (above === 0) await commands.trimFeed(keys.feed(partition), now() - feedLifeMs, 2 * feedLifeMs)
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
