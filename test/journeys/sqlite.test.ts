import { existsSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { killAgainAndAgain } from '../fixtures/kill-again.js'
import { type Router, run } from '../fixtures/process.js'
import { SETTINGS } from '../fixtures/settings.js'
import { conversationOf, ID, messagesOf, openShop, told, USER, until } from '../fixtures/shop.js'
import { startOnSmallDisk } from '../fixtures/small-disk.js'
import { startTraffic, wrongWith } from '../fixtures/traffic.js'
import { PAGE } from '../fixtures/webhooks.js'

/** Everything in one file: what a restart, a crash and a disk may do to it. */

/** A start that must be refused; what it said. */
async function refusal(t: Test, directory: string): Promise<string> {
  const running = run(t, { ...SETTINGS, HOST: '127.0.0.1', PORT: '0', DATA_DIR: directory }, { isMeasured: true })
  t.same(await running.exited, { code: 1, signal: null })
  return running.log.at(-1)?.msg ?? running.output()
}

const stopped = async (router: Router): Promise<void> => {
  router.kill('SIGTERM')
  await router.exited
}

t.test('a restart forgets nothing: pauses, flags, waiting questions, history, the feed', async (t) => {
  const { DATA_DIR } = onFile(t)
  const shop = await openShop(t, { settings: { DATA_DIR, DEBOUNCE: '1500ms', DEBOUNCE_MAX: '3s' } })
  const first = await shop.start({}, { isMeasured: true })
  await shop.person('I will look after this one', '3001')
  const marked = `${ID.split('-')[0]}-3002`
  const mark = await first.call(`/api/mark-bot-response?conversation_id=${marked}`, { method: 'POST' })
  t.equal(mark.status, 200)
  await shop.customer('is it still there?')
  const paused = await conversationOf(first, ID.replace(USER, '3001'))
  t.match(paused, { bot: { enabled: false, reason: 'human_echo' } })
  await stopped(first)
  t.same(
    readdirSync(DATA_DIR).filter((name) => /-(wal|shm)$/.test(name)),
    [],
    'the file alone is left',
  )
  const second = await shop.start({}, { isMeasured: true })
  t.same(await conversationOf(second, ID.replace(USER, '3001')), paused, 'to the millisecond')
  await until(() => shop.sent().length === 1)
  await until(
    () => told(second),
    (lines) => lines.length === 2 && lines[1]!.startsWith('AI sent'),
  )
  await shop.graph.write({ page: ID.split('-')[0]!, user: '3002', text: 'the answer of the workflow', echo: true })
  t.match(await messagesOf(second, marked), [{ type: 'AI', evidence: 'flag' }])
  t.match((await second.call('/metrics')).text, /message_router_store_file_bytes [1-9]/)
  t.match((await second.call('/metrics')).text, /message_router_store_commit_seconds_count [1-9]/)
})

t.test('a process that is killed under load loses nothing, and its work is taken up at once', async (t) => {
  await killAgainAndAgain(t, onFile(t).DATA_DIR, 5)
})

t.test('a second process on the directory is refused, and a killed one is no obstacle', async (t) => {
  const { DATA_DIR } = onFile(t)
  const shop = await openShop(t, { settings: { DATA_DIR } })
  const first = await shop.start()
  t.match(await refusal(t, DATA_DIR), /is in use by another message router/)
  t.equal((await first.call('/health/ready')).status, 200)
  first.kill('SIGKILL')
  await first.exited
  const next = await shop.start()
  t.equal((await next.call('/health/ready')).status, 200)
})

t.test('a file that cannot be used is refused with what to do', async (t) => {
  const { DATA_DIR } = onFile(t)
  const file = join(DATA_DIR, 'message-router.db')
  const shop = await openShop(t, { settings: { DATA_DIR } })
  const router = await shop.start()
  for (let user = 0; user < 200; user++) await shop.person(`this is said to ${user}`, `4${user}`)
  await stopped(router)
  const { size } = statSync(file)
  truncateSync(file, size - 4096 * 3)
  t.match(await refusal(t, DATA_DIR), /is damaged .*restore the last backup/)
  rmSync(file)
  writeFileSync(file, 'SQLite is not what this is')
  t.match(await refusal(t, DATA_DIR), /is damaged \(file is not a database\)/)
  t.ok(existsSync(file), 'nothing is thrown away')
})

t.test('a flipped byte in the structure of the file is found at the start', async (t) => {
  const { DATA_DIR } = onFile(t)
  const file = join(DATA_DIR, 'message-router.db')
  const shop = await openShop(t, { settings: { DATA_DIR } })
  const router = await shop.start()
  for (let user = 0; user < 200; user++) await shop.person(`this is said to ${user}`, `4${user}`)
  await stopped(router)
  // The first byte of a page says what kind of page it is.
  const fd = openSync(file, 'r+')
  writeSync(fd, Buffer.from([0x55]), 0, 1, 4096 * 30)
  t.match(await refusal(t, DATA_DIR), /is damaged/)
})

t.test(
  'on a full disk webhooks get 503, nothing is half written, and the router recovers once there is room',
  async (t) => {
    const { router, code, fill, makeRoom } = await startOnSmallDisk(t, { CHANNEL_PLATFORM: 'instagram' })
    const traffic = startTraffic(() => [router], { users: 7 })
    t.teardown(() => traffic.stop())
    await traffic.more(50)
    fill()
    await until(() => traffic.refused().length > 40)
    t.same([...new Set(traffic.refused().map((answer) => `${answer.status} ${answer.code}`))], [`503 ${code}`])
    t.match(await router.call('/health/ready'), { status: 503, json: { code } })
    const user = '7700'
    const mark = () => router.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}`, { method: 'POST' })
    t.match(await mark(), { status: 503, json: { code } })
    t.equal((await router.call(`/api/conversations/${PAGE}-${user}`)).status, 404)
    t.equal((await router.call('/health')).status, 200)
    makeRoom()
    await traffic.more(50)
    t.match(await mark(), { status: 200 })
    t.equal((await router.call('/health/ready')).status, 200)
    await traffic.stop()
    t.same(await wrongWith(router, traffic), { lost: [], twice: [], gaps: [] })
    t.ok(router.log.some(({ level, msg }) => level === 50 && msg.startsWith('the store fails: ')))
    t.ok(router.log.some(({ msg }) => msg === 'the store works again'))
  },
)

t.test('a directory that cannot be made is refused', async (t) => {
  const file = join(onFile(t).DATA_DIR, 'file')
  writeFileSync(file, '')
  t.match(await refusal(t, join(file, 'data')), /^DATA_DIR .* cannot be made \(ENOTDIR\)/)
})
