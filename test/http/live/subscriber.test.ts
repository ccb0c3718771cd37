import { EventEmitter } from 'node:events'
import t from 'tap'
import type { WebSocket } from 'ws'
import { LIVE_BOUNDS } from '../../../src/http/live/route.js'
import { createLiveClient } from '../../../src/http/live/subscriber.js'
import { A, B } from '../../fixtures/feed.js'
import { startLive } from '../../fixtures/live.js'
import { until } from '../../fixtures/shop.js'

/** A promise to be kept by hand. */
function gate() {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`)

t.test('the backlog comes first, in order, and once', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  for (let i = 1; i <= 1_000; i++) {
    feed.say(A, `${i}`)
    feed.say(B, `of another ${i}`)
  }
  const looker = await connect(`?conversation_id=${A}&after=${cursor}`)
  feed.say(A, '1001')
  t.strictSame(await looker.texts(1_001), numbers(1, 1_001))
  t.equal(looker.frames.length, 1_001)
})

t.test('frames that arrive while the backlog is read follow it, without repeats', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  for (const text of numbers(1, 300)) feed.say(A, text)
  const held = gate()
  feed.before.read = () => held.opened
  const connecting = connect(`?conversation_id=${A}&after=${cursor}`)
  await until(() => feed.asked.reads === 1)
  // Not in the first page any more, but in the second.
  feed.say(A, '301')
  held.open()
  let live = 301
  feed.before.read = () => {
    // In no page.
    live += 1
    feed.say(A, `${live}`)
  }
  const looker = await connecting
  t.strictSame(await looker.texts(302), numbers(1, 302))
  feed.say(A, '303')
  t.strictSame(await looker.texts(303), numbers(1, 303))
})

t.test('a subscriber of all conversations misses nothing, but may get repeats', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  for (let i = 1; i <= 1_500; i++) feed.say(i % 2 === 0 ? A : B, `${i}`)
  feed.overlap = 3
  const looker = await connect(`?after=${cursor}`)
  feed.say(A, '1501')
  await until(() => looker.frames.at(-1)?.data.message.content === '1501')
  const byId = new Map(looker.frames.map(({ id, data }) => [id, data.message.content]))
  t.strictSame(
    [...byId.keys()]
      .sort()
      .slice(1)
      .map((id) => byId.get(id)),
    numbers(1, 1_501),
  )
})

t.test('an entry that comes late, after it was read, does not come twice', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  const late = feed.entry(A, { is: 'status' })
  const looker = await connect(`?conversation_id=${A}&after=${cursor}`)
  await until(() => looker.frames.length === 1)
  feed.tell(late)
  feed.say(A, 'next')
  await until(() => looker.frames.length === 2)
  t.match(looker.frames, [{ type: 'conversation_status' }, { type: 'chat_message' }])
})

t.test('a frame that the client has already is not sent again when it arrives during the backlog', async (t) => {
  const { connect, feed } = await startLive(t)
  const had = feed.entry(A, { is: 'status' })
  const held = gate()
  feed.before.read = () => held.opened
  const connecting = connect(`?conversation_id=${A}&after=${had.cursor}`)
  await until(() => feed.asked.reads === 1)
  feed.tell(had)
  held.open()
  const looker = await connecting
  feed.say(A, 'next')
  t.strictSame(await looker.texts(1), ['next'])
})

t.test('a client’s messages are counted by the minute', async (t) => {
  let time = 0
  let code = 0
  const client = createLiveClient({
    id: A,
    key: 'k',
    after: null,
    read: async () => t.fail('nothing was missed') as never,
    bounds: { ...LIVE_BOUNDS, goodbyeMs: 1 },
    now: () => time,
    onOver() {},
    onUnreadable() {},
  })
  const socket = Object.assign(new EventEmitter(), {
    close(given: number) {
      code = given
    },
    terminate() {},
  })
  client.attach(socket as unknown as WebSocket)
  for (const start of [0, 60_000, 120_000]) {
    time = start
    for (let i = 0; i < 100; i++) socket.emit('message')
    t.equal(code, 0)
  }
  time = 179_999
  socket.emit('message')
  t.equal(code, 1008)
})

t.test('without a cursor frames start at the time of the answer', async (t) => {
  const { connect, feed } = await startLive(t)
  feed.say(A, 'before')
  const looker = await connect(`?conversation_id=${A}`)
  feed.say(A, 'after')
  t.strictSame(await looker.texts(1), ['after'])
  t.equal(feed.asked.reads, 0)
})

t.test('a cursor that is too old gets a gap, and then what the feed has', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  for (const text of numbers(1, 10)) feed.say(A, text)
  feed.dropOldest(5)
  for (const query of [`?conversation_id=${A}&after=${cursor}`, `?after=${cursor}`]) {
    const looker = await connect(query)
    t.strictSame(await looker.texts(7), ['gap', ...numbers(5, 10)])
    t.strictSame(looker.frames[0], { type: 'gap' })
  }
})

t.test('a cursor of another life, later than everything, is a gap and keeps nothing back', async (t) => {
  const { connect, feed } = await startLive(t)
  feed.say(A, 'known from the history')
  const looker = await connect(`?conversation_id=${A}&after=99999999`)
  feed.say(A, '1')
  feed.say(A, '2')
  t.strictSame(await looker.texts(3), ['gap', '1', '2'])
})

t.test('after a break every client is sent what it missed since its last frame', async (t) => {
  const { connect, feed } = await startLive(t)
  const one = await connect(`?conversation_id=${A}`)
  const also = await connect(`?conversation_id=${A}`)
  const all = await connect()
  feed.say(A, '1')
  await Promise.all([one, also, all].map(({ texts }) => texts(1)))
  for (const text of numbers(2, 250)) feed.whisper(A, text)
  const reads = feed.asked.reads
  feed.before.read = () => new Promise((resolve) => setTimeout(resolve, 5))
  feed.break()
  feed.say(A, '251')
  t.strictSame(await one.texts(251), numbers(1, 251))
  t.strictSame(await also.texts(251), numbers(1, 251))
  t.strictSame(await all.texts(251), numbers(1, 251))
  t.equal(feed.asked.reads - reads, 3, 'two pages for the two of them together, one for the other')
})

t.test('a break that nothing is known before is a gap', async (t) => {
  const { connect, feed } = await startLive(t)
  const looker = await connect(`?conversation_id=${A}`)
  feed.break()
  feed.say(A, 'hi')
  t.strictSame(await looker.texts(2), ['gap', 'hi'])
  t.equal(feed.asked.reads, 0)
})

t.test('a break while the missed is read means that it is read on', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  feed.say(A, '1')
  const held = gate()
  feed.before.read = () => held.opened
  const connecting = connect(`?conversation_id=${A}&after=${cursor}`)
  await until(() => feed.asked.reads === 1)
  feed.whisper(A, '2')
  feed.break()
  feed.say(A, '3')
  held.open()
  const looker = await connecting
  t.strictSame(await looker.texts(3), ['1', '2', '3'])
  const again = gate()
  feed.before.read = () => again.opened
  feed.break()
  await until(() => feed.asked.reads === 3)
  feed.whisper(A, '4')
  feed.break()
  again.open()
  feed.say(A, '5')
  t.strictSame(await looker.texts(5), ['1', '2', '3', '4', '5'])
})

t.test('a client whose backlog cannot be read is told to reconnect', async (t) => {
  const { connect, feed, log } = await startLive(t)
  const looker = await connect()
  feed.say(A, 'hi')
  await looker.texts(1)
  feed.before.read = () => {
    throw new Error('out of reach')
  }
  feed.break()
  t.equal(await looker.closed, 1013)
  t.match(
    log.filter(({ level }) => level === 40),
    [{ reason: 'out of reach', msg: 'a live client cannot be told what it missed' }],
  )
})

t.test('a client that does not read is closed and harms nobody', async (t) => {
  const { connect, feed } = await startLive(t, { goodbyeMs: 60_000 })
  const slow = await connect(`?conversation_id=${A}`)
  const quick = await connect(`?conversation_id=${A}`)
  slow.socket.pause()
  const text = 'x'.repeat(20_000)
  for (let i = 0; i < 400; i++) {
    feed.say(A, text)
    if (i % 20 === 0) await quick.texts(i)
  }
  await quick.texts(400)
  t.ok(quick.frames.every(({ data }) => data.message.content === text))
  slow.socket.resume()
  t.equal(await slow.closed, 1013)
  t.ok(slow.frames.length < 400)
})

t.test('a client that does not answer the closing handshake is terminated', async (t) => {
  const { connect, feed, log } = await startLive(t, { goodbyeMs: 50 })
  const slow = await connect(`?conversation_id=${A}`)
  slow.socket.pause()
  for (let i = 0; i < 400; i++) feed.say(A, 'x'.repeat(20_000))
  t.match(await until(() => log.find(({ msg }) => msg === 'live client went')), { code: 1006 })
})

t.test('a long absence does not make a client slow: it is told at its own pace', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  for (let i = 0; i < 600; i++) feed.say(A, 'x'.repeat(20_000))
  const looker = await connect(`?conversation_id=${A}&after=${cursor}`)
  looker.socket.pause()
  await new Promise((resolve) => setTimeout(resolve, 100))
  feed.say(A, 'live')
  looker.socket.resume()
  const texts = await looker.texts(601)
  t.equal(texts.at(-1), 'live')
})

t.test('a client over its buffer limit is closed, even before it is connected', async (t) => {
  const { connect, feed } = await startLive(t, { unsentBytes: 100_000 })
  const held = gate()
  feed.before.read = () => held.opened
  const cursor = feed.say(A, '0')
  const connecting = connect(`?conversation_id=${A}&after=${cursor}`)
  await until(() => feed.asked.reads === 1)
  for (let i = 0; i < 10; i++) feed.say(A, 'x'.repeat(20_000))
  held.open()
  const looker = await connecting
  t.equal(await looker.closed, 1013)
  t.equal(looker.frames.length, 0)
})

t.test('a client that leaves during its backlog is sent nothing more', async (t) => {
  const { connect, feed } = await startLive(t)
  const cursor = feed.say(A, '0')
  for (let i = 0; i < 600; i++) feed.say(A, 'x'.repeat(20_000))
  const looker = await connect(`?conversation_id=${A}&after=${cursor}`)
  looker.socket.pause()
  await new Promise((resolve) => setTimeout(resolve, 50))
  looker.socket.terminate()
  await until(() => feed.asked.stops === 1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.ok(feed.asked.reads < 3)
})

t.test('a client is pinged, and terminated when it does not answer', async (t) => {
  const { connect, feed, log } = await startLive(t, { heartbeatMs: 50 })
  const there = await connect()
  const away = await connect()
  away.socket.pause()
  let pings = 0
  there.socket.on('ping', () => {
    pings += 1
  })
  await until(() => pings >= 4)
  t.match(
    log.filter(({ msg }) => msg === 'live client went'),
    [{ code: 1006 }],
  )
  feed.say(A, 'still here')
  t.strictSame(await there.texts(1), ['still here'])
})
