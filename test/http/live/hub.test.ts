import t from 'tap'
import { createApiKeys } from '../../../src/http/edge/api-keys.js'
import { nameOf } from '../../../src/http/edge/auth.js'
import { createLiveHub } from '../../../src/http/live/hub.js'
import type { LiveBounds } from '../../../src/http/live/subscriber.js'
import { channelWith } from '../../fixtures/channel.js'
import { A, B, pretendFeed } from '../../fixtures/feed.js'
import { startLive } from '../../fixtures/live.js'

const TOKEN = 'api-token-0123456789'
const KEY = nameOf(TOKEN)

const BOUNDS: LiveBounds = {
  clients: 10,
  heartbeatMs: 5,
  unsentBytes: 1_000_000,
  messagesPerMinute: 100,
  goodbyeMs: 50,
  shutdownMs: 5,
}

function open(bounds: Partial<LiveBounds> = {}) {
  const feed = pretendFeed()
  const apiKeys = createApiKeys([TOKEN])
  let renderings = 0
  const hub = createLiveHub({
    store: feed.store,
    channelOf() {
      renderings += 1
      return channelWith()
    },
    apiKeys,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    bounds: { ...BOUNDS, ...bounds },
  })
  return { feed, hub, apiKeys, renderings: () => renderings }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20))

t.test('the store is listened to from the first client to the last', async (t) => {
  const { feed, hub } = open()
  const [one, two] = await Promise.all([hub.enter(KEY, A, null), hub.enter(KEY, null, null)])
  t.equal(feed.asked.listens, 1)
  hub.leave(one)
  t.equal(feed.listeners.size, 1)
  hub.leave(two)
  hub.leave(two)
  await soon()
  t.equal(feed.listeners.size, 0)
  t.equal(feed.asked.stops, 1)
  hub.leave(await hub.enter(KEY, A, null))
  await soon()
  t.strictSame([feed.asked.listens, feed.asked.stops], [2, 2])
})

t.test('the last goes while the next comes: there is one who listens, and nothing comes twice', async (t) => {
  const { feed, hub } = open()
  const opens: (() => void)[] = []
  feed.before.listen = () => new Promise<void>((resolve) => opens.push(resolve))
  const first = hub.enter(KEY, A, null)
  await soon()
  opens[0]!()
  const one = await first
  hub.leave(one)
  const second = hub.enter(KEY, null, null)
  await soon()
  t.equal(feed.asked.listens, 2)
  opens[1]!()
  const two = await second
  t.equal(feed.listeners.size, 1)
  let taken = 0
  two.take = () => {
    taken += 1
  }
  feed.say(A, 'hi')
  t.equal(taken, 1)
  hub.leave(two)
})

t.test('a listener that is ending tells nobody anything', async (t) => {
  const { feed, hub, renderings } = open()
  const one = await hub.enter(KEY, A, null)
  const [old] = feed.listeners
  hub.leave(one)
  const two = await hub.enter(KEY, A, null)
  old!.entry(feed.entry(A, { is: 'status' }))
  old!.broken()
  t.equal(renderings(), 0)
  feed.say(A, 'hi')
  t.equal(renderings(), 1)
  hub.leave(two)
})

t.test('when the store cannot be subscribed to the client is refused, and the next one tries again', async (t) => {
  const { feed, hub } = open({ clients: 2 })
  feed.before.listen = () => {
    throw new Error('out of reach')
  }
  for (let i = 0; i < 3; i++) {
    await t.rejects(Promise.all([hub.enter(KEY, A, null), hub.enter(KEY, null, null)]), { message: 'out of reach' })
    await soon()
  }
  t.equal(feed.asked.listens, 3)
  feed.before.listen = () => {}
  hub.leave(await hub.enter(KEY, A, null))
})

t.test('a frame is rendered once, and only if somebody is subscribed', async (t) => {
  const { feed, hub, renderings } = open()
  const clients = await Promise.all([A, A, A, null, null].map((id) => hub.enter(KEY, id, null)))
  feed.say(A, 'hi')
  t.equal(renderings(), 1)
  for (const client of clients.filter(({ id }) => id === null)) hub.leave(client)
  feed.say(B, 'hi')
  t.equal(renderings(), 1)
  for (const client of clients) hub.leave(client)
})

t.test('a client is not pinged before it is connected', async (t) => {
  const { feed, hub } = open()
  const client = await hub.enter(KEY, A, null)
  await soon()
  t.equal(feed.listeners.size, 1)
  hub.leave(client)
})

t.test('after the end no client gets in, and one that was entering is told', async (t) => {
  const { hub, feed, renderings } = open()
  const client = await hub.enter(KEY, A, null)
  hub.close()
  feed.say(A, 'hi')
  t.equal(renderings(), 0)
  await soon()
  t.equal(feed.listeners.size, 0)
  await t.rejects(hub.enter(KEY, A, null), { code: 'draining' })
  hub.leave(client)
})

t.test('a channel that goes takes its conversations out of sight', async (t) => {
  const { connect, feed, channels } = await startLive(t)
  const looker = await connect()
  const one = await connect(`?conversation_id=${A}`)
  channels.delete('1')
  feed.say(A, 'out of sight')
  channels.add('1')
  feed.say(A, 'back')
  t.strictSame(await looker.texts(1), ['back'])
  t.strictSame(await one.texts(1), ['back'])
})

t.test('a client whose token was revoked during its ticket’s look-up is refused', async (t) => {
  const { hub, apiKeys } = open()
  const one = await hub.enter(KEY, A, null)
  apiKeys.replace([TOKEN, 'another-token-0123'])
  hub.leave(await hub.enter(KEY, A, null))
  apiKeys.replace(['another-token-0123'])
  await t.rejects(hub.enter(KEY, A, null), { code: 'unauthorized' })
  t.equal(hub.size, 1)
  hub.leave(one)
})
