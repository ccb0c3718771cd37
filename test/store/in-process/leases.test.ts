import t from 'tap'
import { createLeases } from '../../../src/store/in-process/leases.js'

t.test('a lease is one holder’s, until its time is over or the holder ends it', async (t) => {
  let now = 0
  const leases = createLeases(() => now)
  t.equal(leases.take('work', 'a', 10), true)
  t.equal(leases.take('work', 'b', 10), false)
  t.equal(leases.take('other work', 'b', 10), true)
  now = 9
  t.equal(leases.take('work', 'a', 10), true)
  now = 18
  t.equal(leases.take('work', 'b', 10), false)
  now = 19
  t.equal(leases.take('work', 'b', 10), true)
  leases.end('work', 'a')
  t.equal(leases.take('work', 'a', 10), false)
  leases.end('work', 'b')
  t.equal(leases.take('work', 'a', 10), true)
})
