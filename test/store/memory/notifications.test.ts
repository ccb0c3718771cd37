import t from 'tap'
import type { Notification } from '../../../src/engine/ports.js'
import { createNotifications } from '../../../src/store/memory/notifications.js'

const ONE_BYTES = 300 + 2 * 10
const of = (id: string): Notification => ({ id, target: 'global', at: 0, body: '0123456789' })

t.test('above the bound the oldest are dropped, also when some before them are gone', async (t) => {
  const queue = createNotifications({ mostBytes: 3 * ONE_BYTES })
  const ids = async () => (await queue.read(null, 99)).notifications.map(({ id }) => id)
  queue.add('1-2', ['a', 'b', 'c'].map(of))
  t.same(await ids(), ['a', 'b', 'c'])
  await queue.remove(['2'])
  queue.add('1-2', ['d', 'e'].map(of))
  t.same(await ids(), ['c', 'd', 'e'])
  queue.add('1-2', ['f', 'g', 'h', 'i'].map(of))
  t.same(await ids(), ['g', 'h', 'i'])
  t.equal(await queue.bodyOf('1'), null)
})

t.test('a single notification above the bound is dropped, and leaves room', async (t) => {
  const queue = createNotifications({ mostBytes: ONE_BYTES })
  queue.add('1-2', [{ ...of('a'), body: 'x'.repeat(1_000) }])
  t.same((await queue.read(null, 9)).notifications, [])
  queue.add('1-2', [of('b')])
  t.equal((await queue.read(null, 9)).notifications.length, 1)
})
