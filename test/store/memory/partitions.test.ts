import t from 'tap'
import { createPartitions } from '../../../src/store/memory/partitions.js'

t.test('an id always belongs to the same partition, and ids spread over all of them', async (t) => {
  const partitions = createPartitions()
  t.equal(partitions.of('1-7'), partitions.of('1-7'))
  const used = new Set(Array.from({ length: 5_000 }, (_, i) => partitions.of(`1-${17841400000000 + i}`)))
  t.ok(used.size > 200, `${used.size}`)
})

t.test('each partition has its turn', async (t) => {
  const partitions = createPartitions()
  const round = new Set(Array.from({ length: 256 }, () => partitions.next()))
  t.equal(round.size, 256)
  t.ok(round.has(partitions.of('1-7')))
})
