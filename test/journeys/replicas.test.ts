import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { LogLine } from '../fixtures/app.js'
import { below, randomFrom } from '../fixtures/mutations.js'
import { inParallel, type Router, startRouter } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import { historyOf, startTraffic, untilReady, wrongWith } from '../fixtures/traffic.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

const server = await startRedis()
t.teardown(() => server.stop())

let prefixes = 0
const newPrefix = (): string => `p${++prefixes}`

async function start(t: Test, prefix: string, changes: Changes = {}): Promise<Router> {
  const router = await startRouter(t, { REDIS_URL: server.url, REDIS_PREFIX: prefix, ...changes })
  await untilReady(router)
  return router
}

async function startTwo(t: Test, changes: Changes = {}): Promise<readonly [Router, Router]> {
  const prefix = newPrefix()
  return Promise.all([start(t, prefix, changes), start(t, prefix, changes)])
}

const mark = async (router: Router, id: string) =>
  router.call(`/api/mark-bot-response?conversation_id=${id}`, { method: 'POST' })
const take = async (router: Router, item: object) => (await router.deliver(delivery([item]))).json.results[0]
const isTrouble = ({ level }: LogLine) => level >= 40
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

t.test('one replica knows with its next event what the other was told', async (t) => {
  const [a, b] = await startTwo(t)

  await t.test('a mark on one, and the echo to the other', async (t) => {
    const rows = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const [first, second] = i % 2 === 0 ? [a, b] : [b, a]
        const user = `${1000 + i}`
        // The one that gets the echo has the conversation in mind as it was before.
        await take(second, fromCustomer(user, { mid: newMid(), text: 'hi' }))
        await mark(first, `${PAGE}-${user}`)
        return take(second, echoTo(user, { mid: newMid(), text: 'hello' }))
      }),
    )
    t.same(new Set(rows.map(({ author, evidence }) => `${author} ${evidence}`)), new Set(['bot flag']))
  })

  await t.test('a person’s echo on one, and the customer’s next message on the other', async (t) => {
    const rows = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const [first, second] = i % 2 === 0 ? [a, b] : [b, a]
        const user = `${2000 + i}`
        await take(second, fromCustomer(user, { mid: newMid(), text: 'hi' }))
        t.match(await take(first, echoTo(user, { mid: newMid(), text: 'I take over' })), { author: 'human' })
        return take(second, fromCustomer(user, { mid: newMid(), text: 'thanks' }))
      }),
    )
    t.same(new Set(rows.map(({ reason }) => reason)), new Set(['bot_paused']))
  })

  await t.test('the API shows on one what was done on the other', async (t) => {
    const id = `${PAGE}-2000`
    const path = `/api/conversations/${id}/bot`
    for (const [router, other, enabled] of [
      [a, b, true],
      [b, a, false],
      [a, b, true],
    ] as const) {
      await router.call(path, { method: 'PUT', body: { enabled } })
      t.equal((await other.call(`/api/conversations/${id}`)).json.bot.enabled, enabled)
      const { json } = await other.call('/api/conversations?bot=paused&limit=500')
      t.equal(
        json.conversations.some((each: { readonly id: string }) => each.id === id),
        !enabled,
      )
    }
  })
})

t.test('a delivery that comes to both replicas at once acts once, a thousand times over', async (t) => {
  const [a, b] = await startTwo(t)
  const user = '3000'
  const rows: { readonly outcome: string }[][] = []
  await inParallel(Array(1000).keys(), 16, async (i) => {
    const mid = `both-${i}`
    const item = i % 2 === 0 ? fromCustomer(user, { mid, text: mid }) : echoTo(user, { mid, text: mid })
    rows.push(await Promise.all([take(a, item), take(b, item)]))
  })
  const outcomes = rows.map((each) =>
    each
      .map(({ outcome }) => outcome)
      .toSorted()
      .join(' '),
  )
  t.same(new Set(outcomes), new Set(['accepted duplicate']))
  const messages = await historyOf(a, `${PAGE}-${user}`)
  t.equal(messages.length, 1000)
  t.equal(new Set(messages.map((message) => message.external_message_id)).size, 1000)
  t.same(
    [a, b].flatMap(({ log }) => log.slice(log.findIndex(({ msg }) => msg === 'connected to Redis'))).filter(isTrouble),
    [],
  )
})

t.test('replicas killed under load twenty times lose nothing and repeat nothing', async (t) => {
  const prefix = newPrefix()
  const random = randomFrom(20)
  const alive = [await start(t, prefix), await start(t, prefix)]
  const everyone = [...alive]
  const traffic = startTraffic(() => alive)
  const paused: { readonly id: string; readonly until: number }[] = []
  for (let kill = 0; kill < 20; kill++) {
    // Starting takes longest, so some of them start together.
    if (alive.length === 2) {
      const next = await Promise.all([1, 2, 3, 4, 5].map(() => start(t, prefix)))
      everyone.push(...next)
      alive.push(...next)
    }
    await traffic.more(20)
    const [victim] = alive.splice(below(random, alive.length), 1)
    const id = `${PAGE}-${4000 + kill}`
    const pause = () =>
      victim!.call(`/api/conversations/${id}/bot`, { method: 'PUT', body: { enabled: false, for: '500ms' } })
    let { status, json } = await pause()
    // Half a second without an answer from Redis: a busy machine.
    while (status === 503) ({ status, json } = await pause())
    paused.push({ id, until: Date.parse(json.bot.paused_until) })
    victim!.kill('SIGKILL')
  }
  await traffic.more(50)
  await traffic.stop()
  t.same(await wrongWith(alive[0]!, traffic), { lost: [], twice: [], gaps: [] })
  t.ok(traffic.count() > 450)

  // The lease of whoever had taken it up when it died, and a second until somebody looks.
  const wokenAt = (id: string) =>
    everyone.flatMap(({ log }) => log).find((line) => line.conversation_id === id && /pause is over/.test(line.msg))
  const deadline = Date.now() + 12_000
  while (paused.some(({ id }) => wokenAt(id) === undefined) && Date.now() < deadline) await sleep(50)
  // A process may die after it woke one, and before its line is out.
  const dueSets = await server.client.keys(`${prefix}:*:due`)
  for (const { id } of paused.filter((each) => wokenAt(each.id) === undefined)) {
    const due = await Promise.all(dueSets.map((key) => server.client.zscore(key, id)))
    t.same(new Set(due), new Set([null]), 'woken without a word')
  }
  const late = paused.flatMap(({ id, until }) => {
    const line = wokenAt(id)
    return line === undefined ? [] : [Date.parse(String(line['time'])) - until]
  })
  t.ok(late.length >= 15)
  t.ok(
    late.every((ms) => ms < 10_000),
    `${late}`,
  )
  t.ok(sum(late) / late.length < 4_000, 'and mostly much sooner')
})

t.test('everything is still there when all replicas are restarted', async (t) => {
  const prefix = newPrefix()
  const assistant = { DIFY_URL: 'http://127.0.0.1:9/v1', DIFY_KEY: 'key', DEBOUNCE: '1h', DEBOUNCE_MAX: '1h' }
  const before = await Promise.all([start(t, prefix, assistant), start(t, prefix, assistant)])
  const [flagged, paused, waiting] = ['5000', '5001', '5002']
  await mark(before[0], `${PAGE}-${flagged}`)
  await take(before[1], echoTo(paused, { mid: 'human', text: 'mine' }))
  await take(before[0], fromCustomer(waiting, { mid: 'question', text: 'how much?' }))
  const show = async (router: Router) =>
    Promise.all(
      [flagged, paused, waiting].map(async (user) => (await router.call(`/api/conversations/${PAGE}-${user}`)).json),
    )
  const shown = await show(before[1])
  t.match(shown, [{ flags: 1 }, { bot: { enabled: false, reason: 'human_echo' } }, { waiting: 1 }])
  const listed = (await before[0].call('/api/conversations')).json
  for (const router of before) router.kill('SIGTERM')
  await Promise.all(before.map(({ exited }) => exited))

  const after = await start(t, prefix, assistant)
  t.same(await show(after), shown)
  t.same((await after.call('/api/conversations')).json, listed)
  t.match(await historyOf(after, `${PAGE}-${waiting}`), [{ external_message_id: 'question', status: 'received' }])
  t.match(await take(after, fromCustomer(waiting, { mid: 'question', text: 'how much?' })), { outcome: 'duplicate' })
  t.match(await take(after, fromCustomer(paused, { mid: newMid(), text: 'ok' })), { reason: 'bot_paused' })
  t.match(await take(after, echoTo(flagged, { mid: newMid(), text: 'hello' })), { author: 'bot', evidence: 'flag' })
})
