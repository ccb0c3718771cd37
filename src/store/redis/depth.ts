import type { Depth } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'

/** Added up over the partitions; nothing in them is looked at. */
export async function depth(commands: Pick<Commands, 'counts'>, keys: Keys, now: number): Promise<Depth> {
  const ofOne = async (partition: number): Promise<Depth> => {
    const [[due, all], [, withDeadLetters]] = await Promise.all([
      commands.counts(keys.due(partition), now),
      commands.counts(keys.withDeadLetters(partition), 0),
    ])
    return { due, later: all - due, withDeadLetters }
  }
  const each = await Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => ofOne(partition)))
  return each.reduce((sum, one) => ({
    due: sum.due + one.due,
    later: sum.later + one.later,
    withDeadLetters: sum.withDeadLetters + one.withDeadLetters,
  }))
}
