import t from 'tap'
import type { ConversationId } from '../../src/conversation/ids.js'
import { RouterError, type Store } from '../../src/engine/ports.js'
import { createReceive } from '../../src/engine/receive.js'
import { ID, outgoing, send } from '../fixtures/conversation.js'
import { createDoor, START } from '../fixtures/door.js'
import { configOf } from '../fixtures/settings.js'
import { EVERYTHING } from '../fixtures/store-contract/list-pages.js'
import { delivery, echoTo, fromCustomer, type Json } from '../fixtures/webhooks.js'

const CHANNELS = [
  { id: '1', platform: 'instagram' },
  { id: '7', platform: 'facebook' },
]
const hi = (user: string, mid = `m${user}`, page = '1'): Json =>
  fromCustomer(user, { mid, text: 'hi' }, { page, at: START })
const instagram = { page: '1' }

/** A store that is somewhere else: every answer takes a turn of the loop. */
const later = (store: Store): Store => ({
  ...store,
  load: async (...question) => store.load(...question),
  commit: async (...change) => store.commit(...change),
})

for (const [where, wrap] of [
  ['here', (store: Store) => store],
  ['elsewhere', later],
] as const) {
  t.test(`items are recorded one after another, with the store ${where}`, async (t) => {
    const { answer, store } = createDoor({}, CHANNELS, wrap)
    const { results } = await answer(delivery([hi('2', 'a'), hi('3', 'b'), hi('2', 'c'), hi('2', 'a')], instagram))
    t.same(
      results.map((row: Json) => [row['conversation_id'], row['outcome']]),
      [
        ['1-2', 'accepted'],
        ['1-3', 'accepted'],
        ['1-2', 'accepted'],
        ['1-2', 'duplicate'],
      ],
    )
    const { conversations } = await store.list(EVERYTHING)
    t.same(conversations.map(({ state }) => [state.id, state.seq]).sort(), [
      ['1-2', 2],
      ['1-3', 1],
    ])
  })
}

t.test('every item has its row, whatever the others are', async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  const noIds = { timestamp: START, message: { mid: 'x', text: 'hi' } }
  const { duplicate, results } = await answer({
    object: 'instagram',
    entry: [
      { id: '1', messaging: [null, hi('2'), noIds, { ...hi('x'), sender: { id: 'x' } }] },
      { id: '0', messaging: [hi('2', 'b', '0')] },
      { id: '7', messaging: [hi('2', 'c', '7')] },
      { id: 'x', messaging: [hi('2', 'd')] },
      { messaging: [hi('2', 'e')] },
      { id: '1', messaging: [{ sender: { id: '2' }, message_edit: { mid: 'm', num_edit: 0 } }, hi('2')] },
    ],
  })
  t.equal(duplicate, false)
  t.same(
    results.map((row: Json) => [row['event'], row['outcome'], row['reason'], row['conversation_id']]),
    [
      ['unsupported', 'ignored', 'unsupported', null],
      ['message', 'accepted', 'no_assistant', '1-2'],
      ['message', 'ignored', 'invalid_id', null],
      ['message', 'ignored', 'invalid_id', null],
      ['message', 'ignored', 'unknown_channel', '0-2'],
      ['message', 'ignored', 'unknown_channel', '7-2'],
      ['message', 'ignored', 'unknown_channel', null],
      ['message', 'ignored', 'unknown_channel', null],
      ['edit', 'ignored', 'companion_edit', '1-2'],
      ['message', 'duplicate', null, '1-2'],
    ],
  )
})

t.test('a delivery is a duplicate when all of it is', async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  const both = delivery([hi('2'), hi('3')], instagram)
  t.equal((await answer(both)).duplicate, false)
  t.equal((await answer(both)).duplicate, true)
  t.equal((await answer(delivery([hi('2'), hi('4')], instagram))).duplicate, false)
  t.equal((await answer(delivery([hi('2'), { order: {} }], instagram))).duplicate, false)
})

t.test('an item without an id is known again by what it says', async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  const outcomes = async (item: Json) => (await answer(delivery([item], instagram))).results[0].outcome
  const postback = { sender: { id: '2' }, recipient: { id: '1' }, timestamp: START, postback: { payload: 'P' } }
  t.equal(await outcomes(postback), 'accepted')
  t.equal(await outcomes(postback), 'duplicate')
  t.equal(await outcomes({ ...postback, timestamp: START + 1 }), 'accepted')
  t.equal(await outcomes({ ...postback, postback: { payload: 'Q' } }), 'accepted')
})

t.test('a message id acts once in each conversation', async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  const { results } = await answer(delivery([hi('2', 'same'), hi('3', 'same')], instagram))
  t.same(
    results.map((row: Json) => row['outcome']),
    ['accepted', 'accepted'],
  )
})

t.test('the channel remembers when it heard from each side, and a duplicate is no news', async (t) => {
  const { answer, store, wait } = createDoor({}, CHANNELS)
  const echo = echoTo('2', { mid: 'e', text: 'yes' }, { page: '1', at: START })
  const read = { sender: { id: '2' }, recipient: { id: '1' }, timestamp: START, read: { mid: 'm2' } }
  await answer(delivery([hi('2')], instagram))
  wait(1_000)
  await answer(delivery([echo], instagram))
  wait(1_000)
  await answer(delivery([hi('2'), echo, read], instagram))
  t.match(await store.channelFacts('1'), { lastInboundAt: START, lastEchoAt: START + 1_000 })
  t.match(await store.channelFacts('7'), { lastInboundAt: 0, lastEchoAt: 0 })
})

t.test('a bot message that was sent before a takeover became known is logged', async (t) => {
  const channels = [{ id: '1', platform: 'instagram', token: 'token' }]
  const { answer, store, log, meter } = createDoor({}, channels)
  const receive = createReceive({ store, onCommit: () => {} })
  const channel = configOf({}, channels).channels.get('1')!
  const echo = (mid: string): Json => echoTo('2', { mid, text: 'secret words' }, { page: '1', at: START })
  await receive(ID, channel, outgoing(), null)
  await answer(delivery([{ ...echo('e0'), sender: { id: '1' }, recipient: { id: '3' } }], instagram))
  t.match(log.at(-1), { level: 30 })
  await receive(ID, channel, send(0), null)
  await answer(delivery([echo('e1')], instagram))
  t.match(log.at(-1), { level: 40, conversation_id: '1-2', author: 'human', on_the_wire: 1 })
  await answer(delivery([echo('e1'), { ...echo('e2'), sender: { id: '1' }, recipient: { id: 'x' } }], instagram))
  t.strictSame(meter.told, [
    'item echo accepted null',
    'item echo accepted null',
    'item echo duplicate null',
    'item echo ignored invalid_id',
  ])
  t.notMatch(JSON.stringify(log), 'secret')
})

t.test('a message handled before an outage of the store comes back as duplicate', async (t) => {
  let isAway = false
  const unsteady = (store: Store): Store => ({
    ...store,
    commit(id, version, change) {
      if (isAway && id === '1-3') throw new RouterError('store_unavailable', 'Redis is out of reach.')
      return store.commit(id, version, change)
    },
  })
  for (const { wrap, done, again } of [
    { wrap: unsteady, done: ['1-2'], again: ['duplicate', 'accepted', 'accepted'] },
    // Where the store takes its time, the items of other conversations are committed meanwhile.
    {
      wrap: (store: Store) => later(unsteady(store)),
      done: ['1-2', '1-4'],
      again: ['duplicate', 'accepted', 'duplicate'],
    },
  ]) {
    const { take, answer, store } = createDoor({}, CHANNELS, wrap)
    const three = delivery([hi('2'), hi('3'), hi('4')], instagram)
    isAway = true
    await t.rejects(take(three), { code: 'store_unavailable' })
    const { conversations } = await store.list(EVERYTHING)
    t.same(conversations.map(({ state }) => state.id).sort(), done)
    isAway = false
    t.same(
      (await answer(three)).results.map((row: Json) => row['outcome']),
      again,
    )
  }
})

t.test('items of different conversations are committed together, and the answer keeps their order', async (t) => {
  let most = 0
  let underWay = 0
  /** The first one asked is answered last. */
  const backwards = (store: Store): Store => ({
    ...later(store),
    async commit(...change) {
      underWay += 1
      most = Math.max(most, underWay)
      for (let turns = 20 - underWay; turns > 0; turns--) await new Promise(setImmediate)
      underWay -= 1
      return store.commit(...change)
    },
  })
  const { answer, store } = createDoor({}, CHANNELS, backwards)
  const items = [hi('2', 'a'), hi('3', 'b'), hi('4', 'c'), hi('2', 'd')]
  const { results, data } = await answer(delivery(items, instagram))
  t.equal(most, 3)
  t.same(
    results.map((row: Json) => row['conversation_id']),
    ['1-2', '1-3', '1-4', '1-2'],
  )
  t.match(JSON.stringify(data), '1-2')
  const history = await store.history('1-2' as ConversationId, {
    before: null,
    after: null,
    limit: 9,
    historyTtlMs: 1e9,
  })
  t.same(
    history.map(({ mid }) => mid),
    ['a', 'd'],
  )
})

t.test('each item is in the log, with facts and without words', async (t) => {
  const { take, log } = createDoor({}, CHANNELS)
  await take({
    object: 'instagram',
    entry: [
      { id: '1', messaging: [hi('2'), null] },
      { id: '9', messaging: [hi('2')] },
    ],
  })
  t.match(log, [
    {
      level: 30,
      req_id: 'r-1',
      conversation_id: '1-2',
      event: 'message',
      outcome: 'accepted',
      reason: 'no_assistant',
      author: 'customer',
      evidence: null,
      msg: 'message recorded',
    },
    { level: 30, req_id: 'r-1', event: 'unsupported', reason: 'unsupported', msg: 'item ignored' },
    {
      level: 40,
      req_id: 'r-1',
      event: 'message',
      reason: 'unknown_channel',
      conversation_id: '9-2',
      page_id: '9',
      platform: 'instagram',
      msg: 'item ignored: no channel has this page id',
    },
  ])
})

t.test('a channel that is set up for the other platform is said to be so', async (t) => {
  const { take, log } = createDoor({}, CHANNELS)
  await take({ object: 'page', entry: [{ id: '1', messaging: [hi('2')] }] })
  await take({ object: 'page', entry: [{ id: 'not an id', messaging: [hi('2')] }] })
  t.match(log, [
    {
      level: 40,
      page_id: '1',
      msg: 'item ignored: the channel is set up for instagram, and this came for the other platform',
    },
    { level: 40, page_id: null, msg: 'item ignored: no channel has this page id' },
  ])
})

t.test('items past the cap are one row, one line and one count, and other work has its turn meanwhile', async (t) => {
  const { take, log, meter } = createDoor({}, CHANNELS)
  let turns = 0
  const turning = setInterval(() => {
    turns += 1
  })
  t.teardown(() => clearInterval(turning))
  const { results, duplicate } = JSON.parse(await take({ object: 'page', entry: Array(520_000).fill(0) }))
  t.equal(results.length, 10_001)
  t.match(results.at(-1), {
    event: 'unsupported',
    outcome: 'ignored',
    reason: 'too_many',
    conversation_id: null,
    author: null,
    evidence: null,
    count: 510_000,
  })
  t.equal(duplicate, false)
  t.match(
    log.filter(({ level }) => level >= 40),
    [{ reason: 'too_many', count: 510_000 }],
  )
  t.same(
    meter.told.filter((line) => line.includes('too_many')),
    ['item unsupported ignored too_many 510000'],
  )
  t.ok(turns > 0)
})
