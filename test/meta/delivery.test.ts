import t from 'tap'
import { type Delivery, readDelivery } from '../../src/meta/delivery.js'
import { echoTo, fromCustomer, type Json } from '../fixtures/webhooks.js'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const nobody = () => null
const read = (payload: unknown, onlyAccount: Parameters<typeof readDelivery>[1] = nobody): Delivery | null =>
  readDelivery(typeof payload === 'string' ? payload : JSON.stringify(payload), onlyAccount, TRACE)
const items = (entry: unknown, object = 'instagram') => read({ object, entry })?.items
const hi = (user: string): Json => fromCustomer(user, { mid: `m${user}`, text: 'hi' }, { page: '1' })

t.test('both envelopes are read, with items in order', async (t) => {
  const entry = [
    { id: '1', time: 1, messaging: [hi('2'), hi('3')] },
    { id: '4', messaging: [echoTo('5', { mid: 'e' }, { page: '4' })] },
  ]
  for (const [object, platform] of [
    ['instagram', 'instagram'],
    ['page', 'facebook'],
  ] as const) {
    t.match(read({ object, entry }), {
      platform,
      items: [
        { name: 'message', pageId: '1', userId: '2' },
        { name: 'message', pageId: '1', userId: '3' },
        { name: 'echo', pageId: '4', userId: '5' },
      ],
    })
  }
})

t.test('a body that is no delivery is not read as one', async (t) => {
  for (const payload of [
    '',
    'hi',
    '{',
    '{"object":"page","entry":[}',
    '[]',
    'null',
    '7',
    '"page"',
    {},
    { entry: [] },
    { object: 'user', entry: [] },
    { object: 'whatsapp_business_account', entry: [] },
    { object: 'constructor', entry: [] },
    { object: '__proto__' },
    { object: ['page'] },
    { object: { toString: 1, valueOf: 1 } },
    { object: null },
  ]) {
    t.equal(read(payload), null, JSON.stringify(payload))
  }
})

t.test('empty, missing and odd entries are tolerated', async (t) => {
  t.same(items([]), [])
  t.same(read({ object: 'page' }), { platform: 'facebook', items: [], tooMany: 0 })
  t.same(items('x'), [])
  t.same(items({ id: '1', messaging: [hi('2')] }), [])
  t.same(items([{ id: '1', time: 1 }]), [])
  t.same(items([{ id: '1', messaging: {}, standby: 'x', changes: null }]), [])
  t.match(items([null, 'x', 7, [], { id: '1', messaging: [hi('2')] }]), [
    { name: 'unsupported', pageId: null, reason: 'unsupported' },
    { name: 'unsupported' },
    { name: 'unsupported' },
    { name: 'unsupported' },
    { name: 'message' },
  ])
})

t.test('an odd item does not affect its neighbours', async (t) => {
  t.match(items([{ id: '1', messaging: [null, hi('2'), 'x', {}, hi('3')] }]), [
    { name: 'unsupported' },
    { name: 'message', userId: '2' },
    { name: 'unsupported' },
    { name: 'unsupported' },
    { name: 'message', userId: '3' },
  ])
})

t.test('standby items are marked as such', async (t) => {
  const all = items([{ id: '1', standby: [hi('2'), echoTo('2', { mid: 'e' }, { page: '1' })], messaging: [hi('3')] }])
  t.match(all, [
    { name: 'message', userId: '3', event: { standby: false } },
    { name: 'message', userId: '2', event: { standby: true } },
    { name: 'echo', userId: '2' },
  ])
})

t.test('a message may come as a change', async (t) => {
  const value = { ...hi('2'), timestamp: '1767225600' }
  const message = { name: 'message', pageId: '1', userId: '2', event: { mid: 'm2', at: 1767225600000, standby: false } }
  t.match(items([{ id: '1', changes: [{ field: 'messages', value }] }]), [message])
  t.match(items([{ id: '1', field: 'messages', value }]), [message])
  t.match(items([{ id: '1', field: 'standby', value }]), [{ name: 'message', event: { standby: true } }])
})

t.test('other changes are items without effect', async (t) => {
  const changes = [
    { field: 'comments', value: { text: 'nice', from: { id: '2' } } },
    { field: 'feed' },
    { field: 'messages', value: 'x' },
    'x',
    null,
    { field: 'messages', value: { message: { mid: 'm', is_deleted: true } } },
  ]
  t.match(items([{ id: '1', changes }]), [
    { name: 'change', pageId: '1', reason: 'unsupported' },
    { name: 'change' },
    { name: 'change' },
    { name: 'change' },
    { name: 'change' },
    { name: 'delete' },
  ])
  t.match(items([{ id: '1', field: 'story_insights', value: {} }]), [{ name: 'change' }])
})

t.test('ids may be JSON numbers beyond 2^53', async (t) => {
  const body =
    '{"object":"page","entry":[{"id":17841400000000001,"messaging":[{"sender":{"id":17841400000000003},' +
    '"recipient":{"id":17841400000000001},"timestamp":1767225600000,' +
    '"message":{"mid":"m","text":"\\"id\\":17841400000000005","app_id":12345678901234567}}]}]}'
  t.match(read(body)?.items, [
    {
      name: 'message',
      pageId: '17841400000000001',
      userId: '17841400000000003',
      event: { text: '"id":17841400000000005' },
    },
  ])
})

t.test("an entry without an id belongs to its platform's only account", async (t) => {
  const only = (platform: string) => (platform === 'instagram' ? '1' : null)
  const entry = [{ messaging: [hi('2'), { ...hi('2'), sender: { id: '1' }, recipient: { id: '2' } }] }]
  t.match(read({ object: 'instagram', entry }, only)?.items, [
    { name: 'message', pageId: '1', userId: '2' },
    { name: 'echo', pageId: '1', userId: '2' },
  ])
  t.match(read({ object: 'page', entry }, only)?.items, [{ name: 'message', pageId: null, userId: '2' }, {}])
  t.match(read({ object: 'instagram', entry: [{ id: '0', messaging: [hi('2')] }] }, only)?.items, [{ pageId: '0' }])
})

t.test('items past ten thousand are counted and not read', async (t) => {
  const messaging = Array.from({ length: 10_002 }, (_, i) => hi(`${i}`))
  const entry = [{ id: '1', messaging, changes: [{ field: 'messages', value: hi('3') }] }, 0]
  const { items, tooMany } = read({ object: 'instagram', entry })!
  t.equal(items.length, 10_000)
  t.match(items[9_999], { name: 'message', userId: '9999' })
  t.equal(tooMany, 4)
  t.equal(read({ object: 'page', entry: [{ id: '1', messaging: messaging.slice(0, 10_000) }] })?.tooMany, 0)
})

t.test('a mebibyte of nesting costs its own item at the most', async (t) => {
  const depth = 500_000
  const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
  const inMessage = `{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"2"},"message":{"text":"a","x":${deep}}},{"sender":{"id":"3"},"message":{"text":"b"}}]}]}`
  t.match(read(inMessage)?.items, [
    { name: 'unsupported', pageId: '1', reason: 'unsupported' },
    { name: 'message', userId: '3' },
  ])
  for (const body of [
    deep,
    `{"object":${deep}}`,
    `{"object":"page","entry":${deep}}`,
    `{"object":"page","entry":[{"id":${deep}}]}`,
    `{"object":"page","entry":[{"id":"1","messaging":${deep}}]}`,
    `{"object":"page","entry":[{"id":"1","changes":[{"field":${deep},"value":${deep}}]}]}`,
    `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`,
  ]) {
    t.doesNotThrow(() => read(body), body.slice(0, 60))
  }
})

t.test('every message belongs to the trace of its webhook, in whatever way it comes', async (t) => {
  const entry = [
    { id: '1', messaging: [hi('2')], standby: [hi('3')], changes: [{ field: 'messages', value: hi('4') }] },
    { id: '1', field: 'messages', value: hi('5') },
  ]
  const traces = items(entry)?.map(({ event }) => event?.is === 'message' && event.traceparent)
  t.same(traces, [TRACE, TRACE, TRACE, TRACE])
})
