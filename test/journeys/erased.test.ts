import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { startReceiver } from '../fixtures/receiver.js'
import { type RedisServer, startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import { openShop, told, until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { PAGE } from '../fixtures/webhooks.js'

/** What is left of a customer who was erased, byte for byte, where a store writes to a disk. */

async function everythingInRedis({ client }: RedisServer): Promise<string> {
  const dumps = await Promise.all(
    (await client.keys('*')).map(async (key) => key + (await client.dumpBuffer(key)).toString('latin1')),
  )
  await client.save()
  await client.bgrewriteaof()
  await until(async () =>
    /aof_rewrite_in_progress:0[\s\S]*aof_rewrite_scheduled:0/.test(await client.info('persistence')),
  )
  const [, dir] = (await client.config('GET', 'dir')) as [string, string]
  const contents = filesIn(dir!)
  t.ok(contents.length >= 2, 'the RDB and the AOF')
  return [...dumps, ...contents].join('\n')
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
}

/** As it stands in a file of UTF-8. */
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1')

async function assertErased(t: Test, store: Changes, everything: () => Promise<string>): Promise<void> {
  const receiver = await startReceiver(t)
  const shop = await openShop(t, { settings: { ...receiver.settings, NOTIFY_EVENTS: '*' } })
  const router = await shop.start(store)
  await untilReady(router)
  const [gone, stays] = ['900100200300', '900100200301']
  shop.graph.profile({ user: gone!, profile: { name: 'Shirin Zarrin', username: 'shirin_z' } })
  const about = (user: string) => [`my number is 555-${user}`, `شماره من ${user} است`, `sent with a flag to ${user}`]
  for (const user of [gone!, stays!]) {
    const [number, persian, flagged] = about(user)
    await shop.customer(number!, user)
    await until(() => shop.sent(user).length === 1)
    await router.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}`, { method: 'POST' })
    await shop.person(flagged!, user)
    await shop.customer(persian!, user)
    await until(
      () => told(router, `${PAGE}-${user}`),
      (lines) => lines.length === 5 && lines[4]!.startsWith('AI sent'),
    )
  }
  await shop.graph.settled()
  // A receiver that takes nothing: what it was to be told of the customer waits.
  receiver.answer(503)
  await shop.person('the last word', gone)
  await until(() => receiver.requests.length > receiver.taken.length)
  const mids = shop.graph.sends.filter(({ recipient }) => recipient === gone).map(({ mid }) => String(mid))
  t.equal(mids.length, 2)
  const words = [gone!, ...mids, ...about(gone!).map(bytesOf), 'the last word', 'Shirin Zarrin', 'shirin_z']
  const before = await everything()
  t.same(
    [stays!, ...words].filter((each) => !before.includes(each)),
    [],
  )
  t.equal((await router.call(`/api/conversations/${PAGE}-${gone}`, { method: 'DELETE' })).status, 204)
  const after = await everything()
  t.same(
    words.filter((each) => after.includes(each)),
    [],
  )
  t.same(
    about(stays!).filter((each) => !after.includes(bytesOf(each))),
    [],
    'the others are as they were',
  )
  t.equal((await told(router, `${PAGE}-${stays}`)).length, 5)
}

t.test('after a DELETE no text, name, message id or id of the customer is in a dump, the RDB or the AOF', async (t) => {
  const redis = await startRedis(['--appendonly', 'yes', '--rdbcompression', 'no'])
  t.teardown(() => redis.stop())
  await assertErased(t, { REDIS_URL: redis.url }, () => everythingInRedis(redis))
})

t.test('after a DELETE nothing of the customer is in the SQLite file, its free pages, or its log', async (t) => {
  const { DATA_DIR } = onFile(t)
  await assertErased(t, { DATA_DIR }, async () => filesIn(DATA_DIR).join('\n'))
})
