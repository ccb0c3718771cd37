import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { type Router, startRouter } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import { API_TOKEN, type Changes } from '../fixtures/settings.js'
import { until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { delivery, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

/** As many onlookers as a process should bear, for a minute. */

const SECONDS = Number(process.env['LIVE_SECONDS'] ?? 60)
const CONVERSATIONS = 100
/** So that those who do not read have their mebibyte unsent soon. */
const PADDING = 'x'.repeat(2_000)
/** What one minute may add to the memory of a process that keeps its history there. */
const MOST_GROWTH_MB = 120

interface Onlooker {
  readonly socket: WebSocket
  frames: number
  isInOrder: boolean
  closed: number | null
}

async function look({ port }: Router, query: string): Promise<Onlooker> {
  const headers = { authorization: `Bearer ${API_TOKEN}` }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`, { headers })
  const onlooker: Onlooker = { socket, frames: 0, isInOrder: true, closed: null }
  const last = new Map<string, number>()
  socket.on('message', (data) => {
    const { type, conversation_id: id, data: told } = JSON.parse(String(data))
    if (type !== 'chat_message') return
    onlooker.frames += 1
    if (told.message.seq !== (last.get(id) ?? 0) + 1) onlooker.isInOrder = false
    last.set(id, told.message.seq)
  })
  socket.on('close', (code) => {
    onlooker.closed = code
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return onlooker
}

const residentMb = ({ child }: Router): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024

async function crowd(
  t: Test,
  settings: Changes,
  of: { readonly clients: number; readonly perSecond: number; readonly onAll: boolean; readonly hasDeaf: boolean },
): Promise<void> {
  const router = await startRouter(t, settings)
  await untilReady(router)
  const deaf = of.hasDeaf ? await look(router, '') : null
  deaf?.socket.pause()
  const onlookers: Onlooker[] = []
  t.teardown(() => {
    for (const { socket } of onlookers) socket.terminate()
  })
  const user = (i: number): string => String(5_000 + (i % CONVERSATIONS))
  for (let i = 0; i < of.clients; i++) {
    onlookers.push(await look(router, of.onAll ? '' : `?conversation_id=${PAGE}-${user(i)}`))
  }
  // By then it is told to go, and it has half a minute to hear of it.
  const hearing = sleep(Math.min(SECONDS, 20) * 1_000).then(() => deaf?.socket.resume())
  const said = new Array<number>(CONVERSATIONS).fill(0)
  const before = residentMb(router)
  const startedAt = performance.now()
  const refused: number[] = []
  const underWay = new Set<Promise<void>>()
  for (let i = 0; i < of.perSecond * SECONDS; i++) {
    const ahead = startedAt + (i * 1_000) / of.perSecond - performance.now()
    if (ahead > 0) await sleep(ahead)
    said[i % CONVERSATIONS]! += 1
    const sending = router
      .deliver(delivery([fromCustomer(user(i), { mid: newMid(), text: `${i} ${PADDING}` })]))
      .then(({ status }) => void (status === 200 || refused.push(status)))
    underWay.add(sending)
    void sending.then(() => underWay.delete(sending))
  }
  await Promise.all(underWay)
  t.same(refused, [])
  const all = of.perSecond * SECONDS
  const wanted = (i: number): number => (of.onAll ? all : said[i % CONVERSATIONS]!)
  await until(() => onlookers.every(({ frames }, i) => frames >= wanted(i)), Boolean, 30_000)
  t.same(
    onlookers.filter(({ frames, isInOrder, closed }, i) => frames !== wanted(i) || !isInOrder || closed !== null),
    [],
    'every one that reads has every frame, in order',
  )
  const grown = residentMb(router) - before
  t.ok(grown < MOST_GROWTH_MB, `${grown.toFixed(0)} MB more`)
  if (deaf === null) return
  await hearing
  await until(() => deaf.closed !== null)
  t.equal(deaf.closed, 1013, 'one that does not read is told to come back')
}

t.test('2,000 subscribers, 20 on each of 100 conversations, get 200 messages a second', async (t) => {
  await crowd(t, {}, { clients: 2_000, perSecond: 200, onAll: false, hasDeaf: true })
})

t.test('200 subscribers of everything get 50 messages a second, on Redis', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await crowd(t, { REDIS_URL: server.url }, { clients: 200, perSecond: 50, onAll: true, hasDeaf: false })
})
