import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type RedisServer, startRedis } from '../fixtures/redis-servers.js'
import { openShop, told, until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { PAGE } from '../fixtures/webhooks.js'

/** What Redis still has of a customer who was erased, byte for byte. */

async function everythingIn({ client }: RedisServer): Promise<string> {
  const dumps = await Promise.all(
    (await client.keys('*')).map(async (key) => key + (await client.dumpBuffer(key)).toString('latin1')),
  )
  await client.save()
  await client.bgrewriteaof()
  await until(async () =>
    /aof_rewrite_in_progress:0[\s\S]*aof_rewrite_scheduled:0/.test(await client.info('persistence')),
  )
  const [, dir] = (await client.config('GET', 'dir')) as [string, string]
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const contents = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
  t.ok(contents.length >= 2, 'the RDB and the AOF')
  return [...dumps, ...contents].join('\n')
}

t.test('after a DELETE no text, message id or id of the customer is in a dump, the RDB or the AOF', async (t) => {
  const redis = await startRedis(['--appendonly', 'yes', '--rdbcompression', 'no'])
  t.teardown(() => redis.stop())
  const shop = await openShop(t)
  const router = await shop.start({ REDIS_URL: redis.url })
  await untilReady(router)
  const [gone, stays] = ['900100200300', '900100200301']
  for (const user of [gone, stays]) {
    await shop.customer(`my number is 555-${user}`, user)
    await until(() => shop.sent(user).length === 1)
    await router.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}`, { method: 'POST' })
    await shop.person(`a person for ${user}`, user)
    await until(
      () => told(router, `${PAGE}-${user}`),
      (lines) => lines.length === 3,
    )
  }
  await shop.graph.settled()
  const mids = shop.graph.sends.filter(({ recipient }) => recipient === gone).map(({ mid }) => String(mid))
  const before = await everythingIn(redis)
  t.ok([gone, stays, ...mids].every((each) => before.includes(each)))
  t.equal((await router.call(`/api/conversations/${PAGE}-${gone}`, { method: 'DELETE' })).status, 204)
  const after = await everythingIn(redis)
  t.same(
    [gone, ...mids].filter((each) => after.includes(each)),
    [],
  )
  t.ok(after.includes(`555-${stays}`), 'the others are as they were')
  t.equal((await told(router, `${PAGE}-${stays}`)).length, 3)
})
