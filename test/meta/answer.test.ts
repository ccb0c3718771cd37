import t from 'tap'
import { conversationIdOf, parseConversationId } from '../../src/conversation/ids.js'
import { createReceive } from '../../src/engine/receive.js'
import { createDoor, START } from '../fixtures/door.js'
import { configOf } from '../fixtures/settings.js'
import { delivery, echoTo, fromCustomer } from '../fixtures/webhooks.js'

const CHANNELS = [
  { id: '1', platform: 'instagram', name: 'my "shop"', owner: { id: 'o-1', email: 'owner@shop.example' } },
  { id: '7', platform: 'facebook' },
]
const AT = START - 60_000
const hi = fromCustomer('2', { mid: 'm1', text: 'hi "you"\n\u2028' }, { page: '1', at: AT })
const instagram = { page: '1' }
const facebook = { page: '7', object: 'page' }

t.test("a customer's message is answered in full", async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  t.same(await answer(delivery([hi], instagram)), {
    status: 'success',
    message: 'Message received and processed successfully',
    duplicate: false,
    results: [
      {
        event: 'message',
        outcome: 'accepted',
        reason: 'no_assistant',
        conversation_id: '1-2',
        author: 'customer',
        evidence: null,
      },
    ],
    data: {
      message_direction: 'customer_to_owner',
      channel: { id: '1', username: 'my "shop"', owner: { id: 'o-1', email: 'owner@shop.example' } },
      customer: {
        id: '2',
        instagram_id: '2',
        first_name: null,
        last_name: null,
        source: 'instagram',
        was_created: true,
        enhanced_data_fetched: false,
      },
      conversation: { id: '1-2', source: 'instagram', was_created: true },
      message: {
        id: `1-2-${START.toString(36)}-1`,
        content: 'hi "you"\n\u2028',
        type: 'customer',
        message_type: 'text',
        timestamp: '2025-12-31T23:59:00.000Z',
      },
    },
  })
})

t.test('the second time it is the same message, and a duplicate', async (t) => {
  const { answer, wait } = createDoor({}, CHANNELS)
  const first = await answer(delivery([hi], instagram))
  wait(5_000)
  const second = await answer(delivery([hi], instagram))
  t.match(second, {
    duplicate: true,
    results: [{ outcome: 'duplicate', reason: null, author: 'customer', evidence: null }],
  })
  t.same(second.data.message, first.data.message)
  t.match(second.data, { customer: { was_created: false }, conversation: { was_created: false } })
})

t.test('a redelivery of a message of an erased customer creates nothing', async (t) => {
  const { answer, store } = createDoor({}, CHANNELS)
  await answer(delivery([hi], instagram))
  await store.erase(conversationIdOf('1', '2'))
  const { duplicate, data } = await answer(delivery([hi], instagram))
  t.equal(duplicate, true)
  t.match(data, { customer: { was_created: false }, conversation: { was_created: false }, message: { id: null } })
})

t.test('an echo on Messenger goes the other way, by a name that is not known', async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  const picture = [{ type: 'image', payload: { url: 'https://cdn.example/1' } }]
  t.match(await answer(delivery([echoTo('2', { mid: 'e', attachments: picture }, { page: '7', at: AT })], facebook)), {
    duplicate: false,
    results: [
      { event: 'echo', outcome: 'accepted', reason: null, conversation_id: '7-2', author: 'human', evidence: 'none' },
    ],
    data: {
      message_direction: 'owner_to_customer',
      channel: { id: '7', username: null, owner: null },
      customer: { id: '2', instagram_id: null, source: 'facebook' },
      conversation: { id: '7-2', source: 'facebook' },
      message: { content: null, type: 'support', message_type: 'image' },
    },
  })
})

t.test('the answer’s types tell customer, bot and person apart', async (t) => {
  const { answer } = createDoor({ META_APP_IDS: '55' }, CHANNELS)
  const typeOf = async (message: object) =>
    (await answer(delivery([echoTo('2', { text: 'x', ...message }, { page: '1', at: AT })], instagram))).data.message
      .type
  t.equal(await typeOf({ mid: 'e1', app_id: 55 }), 'AI')
  t.equal(await typeOf({ mid: 'e2' }), 'support')
  t.equal(await typeOf({ mid: 'e3', attachments: [{ type: 'story_mention' }] }), 'automation')
})

t.test('the answer for a duplicate that the history has dropped describes the item itself', async (t) => {
  const { answer } = createDoor({ HISTORY_TTL: '0' }, CHANNELS)
  const both = [
    echoTo('3', { mid: 'e', text: 'yes' }, { page: '1', at: AT }),
    fromCustomer('2', { mid: 'm', text: 'no' }, { page: '1', at: AT }),
  ]
  for (const item of both) await answer(delivery([item], instagram))
  t.match(await answer(delivery([both[0]], instagram)), {
    duplicate: true,
    results: [{ outcome: 'duplicate', author: null }],
    data: { message: { id: null, content: 'yes', type: null, timestamp: new Date(AT).toISOString() } },
  })
  t.match(await answer(delivery([both[1]], instagram)), {
    results: [{ outcome: 'duplicate', author: 'customer' }],
    data: { message: { id: null, content: 'no', type: 'customer' } },
  })
})

t.test('`data` describes the first message or echo', async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  const read = { sender: { id: '2' }, recipient: { id: '1' }, timestamp: AT, read: { mid: 'm0' } }
  const later = fromCustomer('3', { mid: 'm3', text: 'later' }, { page: '1', at: AT })
  const postback = {
    sender: { id: '2' },
    recipient: { id: '1' },
    timestamp: AT,
    postback: { mid: 'p', title: 'Prices' },
  }
  const { results, data } = await answer(delivery([read, postback, hi, later], instagram))
  t.same(
    results.map((row: { event: string }) => row.event),
    ['read', 'postback', 'message', 'message'],
  )
  t.match(data, { conversation: { id: '1-2', was_created: false }, message: { content: 'hi "you"\n\u2028' } })
  t.same((await answer(delivery([{ ...read, timestamp: AT + 1 }], instagram))).data, null)
})

t.test('an empty delivery is no duplicate', async (t) => {
  const { take } = createDoor({}, CHANNELS)
  t.same(JSON.parse(await take(delivery([], instagram))), {
    status: 'success',
    message: 'Message received and processed successfully',
    duplicate: false,
    results: [],
    data: null,
  })
})

t.test('an item without effect says why', async (t) => {
  const { answer } = createDoor({}, CHANNELS)
  const { results } = await answer(delivery([{ order: {} }, { message_edit: { num_edit: 0 } }], instagram))
  t.same(results, [
    {
      event: 'unsupported',
      outcome: 'ignored',
      reason: 'unsupported',
      conversation_id: null,
      author: null,
      evidence: null,
    },
    {
      event: 'edit',
      outcome: 'ignored',
      reason: 'companion_edit',
      conversation_id: null,
      author: null,
      evidence: null,
    },
  ])
})

t.test('the name is told once Meta has told it, the first word as the first name', async (t) => {
  const { answer, store } = createDoor({}, CHANNELS)
  const receive = createReceive({ store, onCommit: () => {} })
  const id = parseConversationId('1-2')!
  const channel = configOf({}, CHANNELS).channels.get('1')!
  await answer(delivery([hi], instagram))
  const customerCalled = async (name: string | null) => {
    await receive(id, channel, { is: 'profile', found: { name, username: null, picture: null } }, null)
    return (await answer(delivery([hi], instagram))).data.customer
  }
  t.match(await customerCalled(' Ana  María "A" López'), {
    first_name: 'Ana',
    last_name: 'María "A" López',
    enhanced_data_fetched: true,
  })
  t.match(await customerCalled('سارا'), { first_name: 'سارا', last_name: null })
  t.match(await customerCalled(' '), { first_name: null, last_name: null, enhanced_data_fetched: true })
  t.match(await customerCalled(null), { first_name: null, last_name: null })
})

t.test('an answer is known to be ASCII by its text, the customer’s name and the channel’s', async (t) => {
  const foreign = { id: '1', platform: 'instagram', name: 'فروشگاه' }
  const isAscii = async (text: string, name: string | null = null, channel: object = CHANNELS[0]!) => {
    const { takeWhole, store } = createDoor({}, [channel])
    const payload = delivery([fromCustomer('2', { mid: 'm1', text }, { page: '1', at: AT })], instagram)
    await takeWhole(payload)
    const receive = createReceive({ store, onCommit: () => {} })
    const ours = configOf({}, [channel]).channels.get('1')!
    await receive(
      parseConversationId('1-2')!,
      ours,
      { is: 'profile', found: { name, username: null, picture: null } },
      null,
    )
    return (await takeWhole(payload)).isAscii
  }
  t.equal(await isAscii('Is the blue one there?'), true)
  t.equal(await isAscii('Is it there?', 'Ana "A" Lopez'), true)
  t.equal(await isAscii('سلام'), false)
  t.equal(await isAscii('Is it there?', 'سارا'), false)
  t.equal(await isAscii('Is it there?', 'Ana', foreign), false)
})
