import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { conversationIdOf } from '../src/conversation/ids.js'
import { REAL_TIMERS } from '../src/engine/timers.js'
import { openStore } from '../src/open-store.js'
import { TURNS } from '../src/store/memory/upkeep.js'
import type { LogLine } from './fixtures/app.js'
import { createManualTimers } from './fixtures/manual-timers.js'
import { createNotedMeter } from './fixtures/meter.js'
import { startRedis } from './fixtures/redis-servers.js'
import { configOf } from './fixtures/settings.js'
import { newDirectory } from './fixtures/sqlite-store.js'
import { idOf, said } from './fixtures/store-contract.js'
import { PAGE } from './fixtures/webhooks.js'

function recorder() {
  const lines: LogLine[] = []
  const note = (level: number) => (facts: object, msg: string) => void lines.push({ ...facts, level, msg })
  return { lines, log: { debug: note(20), info: note(30), warn: note(40), error: note(50) } }
}

t.test('the memory store says at the start what a restart means', async (t) => {
  const { log, lines } = recorder()
  const { store, shared } = await openStore(configOf(), 512 * 1024 * 1024, log, createNotedMeter())
  t.teardown(() => store.close())
  t.equal(shared, null)
  t.match(lines, [{ level: 40, store: 'memory', msg: /a restart forgets/ }])
  t.equal(store.commit(idOf(1), null, said(store.now(), idOf(1), 1)), 'committed')
  t.match(store.read(idOf(1)), { seq: 1 })
})

t.test('a reload decides how long last texts are kept from then on', async (t) => {
  let time = Date.UTC(2026, 0, 1)
  const now = () => time
  const timers = createManualTimers(now)
  const { store, reload } = await openStore(
    configOf({ REPEAT_WINDOW: '1h' }),
    512 * 1024 * 1024,
    recorder().log,
    createNotedMeter(),
    {
      now,
      timers,
    },
  )
  const change = said(time, idOf(1), 1)
  store.commit(idOf(1), null, { ...change, state: { ...change.state!, asked: [{ text: 'hi', arrivedAt: time }] } })
  const sweepAll = () => {
    for (let i = 0; i < TURNS; i++) {
      time += 50
      timers.run()
    }
  }
  const left = async () => (await store.read(idOf(1)))?.asked.length
  time += 2 * 3_600_000
  reload(configOf({ REPEAT_WINDOW: '3h' }))
  sweepAll()
  t.equal(await left(), 1)
  reload(configOf({ REPEAT_WINDOW: '2h' }))
  sweepAll()
  t.equal(await left(), 0)
  await store.close()
})

t.test(
  'the feed keeps what was said for a day, where the history is short for that long, and for some minutes always',
  async (t) => {
    let time = Date.UTC(2026, 0, 1)
    const now = () => time
    const timers = createManualTimers(now)
    const isLeftAfter = async (ms: number, HISTORY_TTL: string) => {
      const { store } = await openStore(
        configOf({ HISTORY_TTL }),
        512 * 1024 * 1024,
        recorder().log,
        createNotedMeter(),
        { now, timers },
      )
      const cursors: string[] = []
      store.listen({ entry: ({ cursor }) => void cursors.push(cursor), broken() {} })
      const changeOf = (user: number) => ({ ...said(time, idOf(user), 1), notices: [{ is: 'status' } as const] })
      for (const user of [1, 2]) await store.commit(idOf(user), null, changeOf(user))
      await Promise.resolve()
      time += ms
      timers.run()
      const page = await store.readFeed(cursors[0]!, null, 9)
      await store.close()
      return page.entries.length === 1
    }
    const minute = 60_000
    for (const [ttl, life] of [
      ['30d', 24 * 60 * minute],
      ['1h', 60 * minute],
      ['0', 15 * minute],
    ] as const) {
      t.equal(await isLeftAfter(life, ttl), true)
      t.equal(await isLeftAfter(life + 1, ttl), false)
    }
  },
)

t.test('the memory store is swept while it is open', async (t) => {
  const { log } = recorder()
  let asked = 0
  const now = () => {
    asked += 1
    return Date.now()
  }
  const { store } = await openStore(configOf(), 512 * 1024 * 1024, log, createNotedMeter(), {
    now,
    timers: REAL_TIMERS,
  })
  const before = asked
  while (asked === before) await sleep(50)
  await store.close()
  const closed = asked
  await sleep(300)
  t.equal(asked, closed)
})

t.test('the Redis store is the same for all who open it, and tells where it is without the login', async (t) => {
  const server = await startRedis(['--requirepass', 'secret'], undefined, 'secret')
  t.teardown(() => server.stop())
  const { log, lines } = recorder()
  const config = configOf({ REDIS_URL: `redis://:secret@127.0.0.1:${server.port}`, REDIS_PREFIX: 'shop' })
  const [first, second] = await Promise.all([
    openStore(config, 0, log, createNotedMeter()),
    openStore(config, 0, log, createNotedMeter()),
  ])
  t.teardown(() => Promise.all([first.store.close(), second.store.close()]))
  // Used at once: a store is opened when its connection is there.
  t.match(await first.shared?.add('token:a', 2, 60_000), { sum: 2 })
  t.match(await second.shared?.add('token:a', 1, 60_000), { sum: 3 })
  t.equal(await server.client.get('shop:limit:token:a'), '3')
  for (const [i, { store }] of [first, second].entries()) {
    const { version } = await store.loadFresh(idOf(1), { key: null, find: null })
    t.equal(await store.commit(idOf(1), version, said(store.now(), idOf(1), i + 1)), 'committed')
  }
  t.match(await first.store.read(idOf(1)), { seq: 2 })
  const versions = await Promise.all(
    [first, second].map(({ store }) => store.loadFresh(idOf(1), { key: null, find: null })),
  )
  t.equal(versions[0]!.version, versions[1]!.version)
  t.match(String(versions[0]!.version), /^[0-9a-z]{20}$/)
  for (const key of await server.client.keys('*')) t.ok(key.startsWith('shop:'), key)
  t.match(lines, [{ redis: `127.0.0.1:${server.port}`, msg: 'connected to Redis' }, {}])
  t.notMatch(JSON.stringify(lines), /secret/)
})

t.test('no two processes share a name in their commits, whatever is reloaded', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const names = new Set<string>()
  for (let i = 0; i < 20; i++) {
    const { store, reload } = await openStore(
      configOf({ REDIS_URL: server.url }),
      0,
      recorder().log,
      createNotedMeter(),
    )
    reload(configOf())
    await store.commit(idOf(i), null, said(store.now(), idOf(i), 1))
    const { version } = await store.loadFresh(idOf(i), { key: null, find: null })
    names.add(String(version).slice(0, 9))
    await store.close()
  }
  t.equal(names.size, 20)
})

t.test('the SQLite store is tidied while it is open, says where it is, and lasts', async (t) => {
  const directory = newDirectory()
  t.teardown(() => rmSync(directory, { recursive: true }))
  const { log, lines } = recorder()
  let time = Date.UTC(2026, 0, 1)
  const now = () => time
  const timers = createManualTimers(now)
  const meter = createNotedMeter()
  const config = configOf({ DATA_DIR: directory })
  const opened = await openStore(config, 0, log, meter, { now, timers })
  t.equal(opened.shared, null)
  t.ok(opened.fileBytes()! > 0)
  await opened.store.commit(idOf(1), null, said(time, idOf(1), 1))
  t.ok(meter.told.includes('stored true'))
  await opened.store.commit(conversationIdOf(PAGE, '7'), null, said(time, conversationIdOf(PAGE, '7'), 1))
  opened.reload(configOf({ DATA_DIR: directory }))
  time += 31 * 24 * 3_600_000
  timers.run()
  timers.run()
  await opened.store.check()
  t.equal(await opened.store.read(idOf(1)), null)
  await opened.store.commit(idOf(2), null, said(time, idOf(2), 1))
  await opened.store.close()
  time += 1_000
  timers.run()
  const again = await openStore(config, 0, log, meter, { now, timers })
  const stranger = conversationIdOf('99', '1')
  await again.store.commit(stranger, null, said(time, stranger, 1))
  t.match(await again.store.read(idOf(2)), { seq: 1 })
  await again.store.close()
  t.match(lines, [{ level: 30, store: 'sqlite', file: join(directory, 'message-router.db') }, {}])
})

t.test('a Redis that holds another layout is told, and only a file has a size', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await server.client.set('shop:layout', '128')
  const { log, lines } = recorder()
  const opened = await openStore(configOf({ REDIS_URL: server.url, REDIS_PREFIX: 'shop' }), 0, log, { stored() {} })
  t.teardown(() => opened.store.close())
  t.equal(opened.fileBytes(), null)
  while (!JSON.stringify(lines).includes('REDIS_PREFIX')) {
    await Promise.resolve(opened.store.check()).catch(() => {})
    await sleep(20)
  }
  t.match(lines.at(-1), { level: 50 })
})
