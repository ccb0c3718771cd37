import t from 'tap'
import { startSentinel } from '../../fixtures/redis-servers.js'
import { openRedis } from '../../fixtures/redis-store.js'
import { storeContract } from '../../fixtures/store-contract.js'

const set = await startSentinel()
t.teardown(() => set.stop())

t.test('the Redis store keeps the contract of every store behind Sentinel, too', async (t) => {
  storeContract(t, () => openRedis(set.url, [set.master.client]))
})
