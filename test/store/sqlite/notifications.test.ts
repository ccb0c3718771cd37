import t from 'tap'
import type { Notification } from '../../../src/engine/ports.js'
import { createGroup } from '../../../src/store/sqlite/group.js'
import { createNotifications } from '../../../src/store/sqlite/notifications.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate } from '../../../src/store/sqlite/schema.js'

const HOUR = 3_600_000
const of = (id: string, at = 0): Notification => ({ id, target: 'global', at, body: '{}' })

async function open(most?: number) {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  migrate(database, 'x.db')
  const state = { now: 0, number: 0 }
  const group = createGroup({ database, failed: (error) => error as Error, committed() {} })
  const queue = createNotifications({
    writer: database,
    reader: database,
    group,
    now: () => state.now,
    nextNumber: () => ++state.number,
    ...(most !== undefined && { most }),
  })
  const ids = async () => (await queue.read(null, 99_999)).notifications.map(({ id }) => id)
  return { state, queue, ids }
}

t.test('above the cap the oldest notifications are dropped', async (t) => {
  const { queue, ids } = await open(1_000)
  for (let i = 0; i < 2_500; i++) queue.add('1-2', [of(`${i}`)])
  const left = await ids()
  t.ok(left.length >= 500 && left.length <= 1_500, String(left.length))
  t.equal(left.at(-1), '2499')
  t.equal(left[0], String(2_500 - left.length), 'without a gap')
})

t.test('undelivered notifications are dropped when they are old enough', async (t) => {
  const { state, queue, ids } = await open()
  queue.add('1-2', [of('a', 0), of('b', HOUR)])
  state.now = 48 * HOUR
  queue.tidy()
  t.strictSame(await ids(), ['a', 'b'])
  state.now += 1
  queue.tidy()
  t.strictSame(await ids(), ['b'])
  queue.tidy()
  t.strictSame(await ids(), ['b'])
})
