import t from 'tap'
import { startRedis } from '../fixtures/redis-servers.js'
import { nothingMoreLeaves, standStill } from '../fixtures/standstill.js'

/** Processes that stand still for shorter and longer than their lease, twenty times. */

const redis = await startRedis()
t.teardown(() => redis.stop())

for (let i = 0; i < 20; i++) {
  const ms = [3_000, 8_000, 12_000][i % 3]!
  t.test(`standstill ${i + 1}: ${ms} ms between the commit and the send`, async (t) => {
    await nothingMoreLeaves(t, await standStill(t, redis, { before: 'sending', ms, isTakenOver: true }))
  })
}
