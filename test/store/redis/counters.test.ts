import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { connect } from '../../../src/store/redis/connect.js'
import { createCounters } from '../../../src/store/redis/counters.js'
import { startRedis } from '../../fixtures/redis-servers.js'
import { SILENT } from '../../fixtures/redis-store.js'

const server = await startRedis()
t.teardown(() => server.stop())
const client = connect(server.url, SILENT)
t.teardown(() => client.disconnect())
while (client.status !== 'ready') await sleep(5)

t.test('a counter adds up in its window, which its first addition begins', async (t) => {
  const counters = createCounters(client, 'mr')
  t.match(await counters.add('token:a', 300, 60_000), { sum: 300, leftMs: Number })
  const next = await counters.add('token:a', 1, 5)
  t.equal(next.sum, 301)
  t.ok(next.leftMs > 50_000, 'the window stays')
  t.equal((await counters.add('token:b', 1, 60_000)).sum, 1)
  t.same((await server.client.keys('*')).toSorted(), ['mr:limit:token:a', 'mr:limit:token:b'])
  await server.client.pexpire('mr:limit:token:a', 0)
  const another = await counters.add('token:a', 2, 30_000)
  t.equal(another.sum, 2)
  t.ok(another.leftMs > 20_000 && another.leftMs <= 30_000, `${another.leftMs} ms`)
})
