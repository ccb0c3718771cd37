import t from 'tap'
import { createLease } from '../../../src/store/in-process/notification-lease.js'

t.test('a lease is one holder’s, until its time is over or the holder ends it', async (t) => {
  let now = 0
  const lease = createLease(() => now)
  t.equal(lease.take('a', 10), true)
  t.equal(lease.take('b', 10), false)
  now = 9
  t.equal(lease.take('a', 10), true)
  now = 18
  t.equal(lease.take('b', 10), false)
  now = 19
  t.equal(lease.take('b', 10), true)
  lease.end('a')
  t.equal(lease.take('a', 10), false)
  lease.end('b')
  t.equal(lease.take('a', 10), true)
})
