import t from 'tap'
import { startRedis } from '../../fixtures/redis-servers.js'
import { openRedis } from '../../fixtures/redis-store.js'
import { storeContract } from '../../fixtures/store-contract.js'

const server = await startRedis()
t.teardown(() => server.stop())

t.test('the Redis store keeps the contract of every store', async (t) => {
  storeContract(t, () => openRedis(server.url, [server.client]))
})
