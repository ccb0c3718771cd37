import t from 'tap'
import { startRedis } from '../fixtures/redis-servers.js'
import { until } from '../fixtures/shop.js'
import { nothingMoreLeaves, standStill } from '../fixtures/standstill.js'

/** Processes that stand still between a commit and the request that it allows, as in garbage collection or a frozen container. */

const redis = await startRedis()
t.teardown(() => redis.stop())

for (const before of ['sending', 'asking'] as const) {
  t.test(`a person whom another replica hears while one stands still before ${before} has the last word`, async (t) => {
    await nothingMoreLeaves(t, await standStill(t, redis, { before, ms: 1_200, isTakenOver: true }))
  })

  t.test(`when nothing happened during a standstill before ${before}, the customer is answered once`, async (t) => {
    const { shop } = await standStill(t, redis, { before, ms: 1_200, isTakenOver: false })
    await until(
      () => shop.sent(),
      (all) => all.length > 0,
      30_000,
    )
    t.strictSame(shop.sent(), ['You said: how much is it?'])
  })
}
