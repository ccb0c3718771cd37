import t from 'tap'
import { depth } from '../../../src/store/redis/depth.js'
import { createKeys } from '../../../src/store/redis/keys.js'

t.test('the depth is that of all partitions together', async (t) => {
  const keys = createKeys('mr')
  const counts: Record<string, readonly [number, number]> = {
    [keys.due(0)]: [1, 3],
    [keys.due(63)]: [4, 4],
  }
  const sizes: Record<string, number> = {
    [keys.list(0, 8)]: 2,
    [keys.list(7, 15)]: 4,
    [keys.list(7, 9)]: 1,
    [keys.list(7, 7)]: 3,
  }
  const commands = {
    size: async (key: string) => sizes[key] ?? 0,
    counts: async (key: string) => counts[key] ?? ([0, 0] as const),
  }
  t.strictSame(await depth(commands, keys, 1_000), { due: 5, later: 2, withDeadLetters: 7 })
})
