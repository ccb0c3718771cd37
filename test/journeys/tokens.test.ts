import t from 'tap'
import type { Router } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import { openShop, until } from '../fixtures/shop.js'
import { PAGE } from '../fixtures/webhooks.js'

const OLD = 'IGAA-token-of-the-settings'
const NEW = `refreshed-1-of-${PAGE}`
const DAY = 24 * 3_600_000

t.test('a refreshed token counts on every replica and after a restart, and stands nowhere in plain', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const { graph, start, customer } = await openShop(t, { page: { token: OLD, tokenAgeMs: DAY } })
  const settings = { REDIS_URL: redis.url, CHANNEL_TOKEN: OLD }
  const endOf = async (router: Router): Promise<number> => {
    const { token_expires_at: at } = (await router.call('/api/channels')).json.channels[0]
    return at === null ? 0 : Date.parse(at)
  }
  const senders = () => graph.sends.map(({ headers }) => headers.authorization)
  const refreshes = () => graph.requests.filter((request) => request.is === 'refresh')

  const first = await start(settings)
  const end = await until(() => endOf(first))
  t.ok(Math.abs(end - Date.now() - 60 * DAY) < 60_000)
  t.match(refreshes(), [{ status: 200, query: { grant_type: 'ig_refresh_token', access_token: OLD } }])
  await customer('hi')
  await until(senders, ({ length }) => length === 1)
  first.kill('SIGTERM')
  await first.exited

  const second = await start(settings)
  t.equal(await endOf(second), end, 'the settings still have the old one')
  await customer('and again')
  await until(senders, ({ length }) => length === 2)
  t.same(senders(), [`Bearer ${NEW}`, `Bearer ${NEW}`])
  t.equal(refreshes().length, 1)

  const keys = await redis.client.keys('*')
  const values = await Promise.all(keys.map((key) => redis.client.dump(key)))
  t.match(await redis.client.get(`mr:{ch:${PAGE}}:token`), /^v1\.[\w-]{100,}$/)
  t.notMatch([first.output(), second.output(), ...keys, ...values].join('\n'), /IGAA-token|refreshed-1/)
})

t.test('where Meta ends a refreshed token before its time, sends go on with that of the settings', async (t) => {
  const { graph, start, customer } = await openShop(t, { page: { token: OLD, tokenAgeMs: DAY } })
  const router = await start({ CHANNEL_TOKEN: OLD })
  const sender = () => graph.sends.map(({ headers }) => headers.authorization)
  await until(() => router.output().includes('the token of this channel was refreshed'))
  graph.script({ page: PAGE, faults: [{ error: { code: 190, status: 401, message: 'Session has expired.' } }] })
  await customer('hi')
  await until(() => router.output().includes('takes that of the settings, which is used again'))
  await customer('and again')
  t.same(await until(sender, ({ length }) => length === 2), [`Bearer ${NEW}`, `Bearer ${OLD}`])
  const letters = async () => (await router.call('/api/dead-letters')).json.dead_letters
  const [{ id, reason }] = await letters()
  t.equal(reason, 'channel_unusable')
  t.equal((await router.call(`/api/dead-letters/${id}/redrive`, { method: 'POST' })).status, 202)
  await until(sender, ({ length }) => length === 3)
  t.same(await until(letters, ({ length }) => length === 0), [])
})
