import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'
import { pairs } from './places.js'
import type { PutRight } from './put-right.js'

const AT_ONCE = 200

/**
 * Migrates version 0.1.0's three lists of conversations (by activity, paused, with dead letters) into today's lists,
 * with the same places. Resolves as soon as it is known whether there are any.
 */
export async function findOldLists(parts: {
  readonly commands: Pick<Commands, 'exists' | 'oldest' | 'drop'>
  readonly keys: Keys
  readonly putRight: PutRight
}): Promise<() => Promise<void>> {
  const { commands, keys, putRight } = parts
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
  const isThere = await Promise.all(partitions.map((each) => commands.exists(keys.oldLists(each)[0])))

  return async () => {
    for (const partition of partitions.filter((each) => isThere[each])) {
      const [activity, ...others] = keys.oldLists(partition)
      let above = 0
      let count: number
      do {
        const places = pairs(await commands.oldest(activity, above, Number.MAX_SAFE_INTEGER, AT_ONCE))
        await Promise.all(places.map(putRight))
        count = places.length
        above = places.at(-1)?.at ?? above
      } while (count === AT_ONCE)
      await commands.drop([activity, ...others])
    }
  }
}
