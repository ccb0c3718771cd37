import { listsThat, NO_FILTER } from '../../engine/list-filter.js'
import type { Depth } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'

const WITH_DEAD_LETTERS = listsThat({ ...NO_FILTER, dead: true })

/** Counts over all partitions, without reading their entries. */
export async function depth(commands: Pick<Commands, 'counts' | 'size'>, keys: Keys, now: number): Promise<Depth> {
  const ofOne = async (partition: number): Promise<Depth> => {
    const [[due, all], ...dead] = await Promise.all([
      commands.counts(keys.due(partition), now),
      ...WITH_DEAD_LETTERS.map((number) => commands.size(keys.list(partition, number))),
    ])
    return { due, later: all - due, withDeadLetters: dead.reduce((sum, size) => sum + size) }
  }
  const each = await Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => ofOne(partition)))
  return each.reduce((sum, one) => ({
    due: sum.due + one.due,
    later: sum.later + one.later,
    withDeadLetters: sum.withDeadLetters + one.withDeadLetters,
  }))
}
