import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { conversationOf, deadLettersOf, ID, messagesOf, openShop, told, USER, until } from '../fixtures/shop.js'
import { PAGE } from '../fixtures/webhooks.js'

/** What becomes of a message between the router and the customer: never twice, never lost without a trace. */

const JSON_TYPE = { 'content-type': 'application/json' }

t.test('the echo comes before the send’s own answer', async (t) => {
  const shop = await openShop(t, { page: { echo: 'before' } })
  const { graph, customer } = shop
  const router = await shop.start()
  await customer('hi')
  await until(
    () => told(router),
    (lines) => lines.at(-1) === 'AI sent: You said: hi',
  )
  await graph.settled()
  t.match(await messagesOf(router), [{}, { type: 'AI', evidence: 'text', external_message_id: graph.sends[0]!.mid }])
  t.equal((await messagesOf(router)).length, 2)
  t.match(await conversationOf(router), { bot: { enabled: true } })
})

t.test('a part that may have arrived is unknown after a takeover, not cancelled', async (t) => {
  const shop = await openShop(t, {
    page: { echo: 'none' },
    settings: { UNKNOWN_SEND: 'retry', UNKNOWN_SEND_WAIT: '400ms' },
  })
  const { graph } = shop
  const router = await shop.start()
  const limited = { error: { code: 613, status: 400 } }
  graph.script({ page: PAGE, faults: [{ drop: true, deliver: true }, limited, limited, limited] })
  await shop.customer('hi')
  await until(() => graph.sends.length >= 2)
  await until(
    () => told(router),
    (lines) => lines.at(-1) === 'AI queued: You said: hi',
  )
  await shop.person('I am here')
  t.match(await messagesOf(router), [{}, { type: 'AI', status: 'unknown' }, { type: 'support' }])
  const [letter] = await until(
    () => deadLettersOf(router),
    (all) => all.length === 1,
  )
  t.match(letter, { reason: 'unknown_outcome', message: { status: 'unknown' } })
  t.same(shop.sent(), ['You said: hi'], 'it had arrived')
})

t.test('a send whose outcome nobody knows', async (t) => {
  const shop = await openShop(t, { settings: { UNKNOWN_SEND_WAIT: '600ms', COOLDOWN: '0' } })
  const { graph } = shop
  const router = await shop.start()
  const page = PAGE
  let users = 3_000
  const send = async (fault: Parameters<typeof graph.script>[0]['faults'][number]) => {
    const user = String(++users)
    const id = `${PAGE}-${user}`
    graph.script({ page, faults: [fault] })
    await shop.customer('hi', user)
    await until(() => graph.sends.some(({ recipient }) => recipient === user))
    const [, answer] = await until(
      () => messagesOf(router, id),
      (all) => /sent|failed|unknown/.test(all[1]?.status),
    )
    return { user, id, answer }
  }

  await t.test('the connection is lost, and the message was delivered: its echo says so', async (t) => {
    const { user, id } = await send({ drop: true, deliver: true })
    await until(
      () => messagesOf(router, id),
      ([, answer]) => answer.status === 'sent',
    )
    t.equal(shop.sent(user).length, 1)
    await sleep(800)
    t.equal(shop.sent(user).length, 1, 'and it is not sent again')
    t.same(await deadLettersOf(router), [])
    t.match(await conversationOf(router, id), { bot: { enabled: true } })
  })

  await t.test('a 500 with code 1, and it was delivered', async (t) => {
    const { user, id } = await send({ error: { code: 1, status: 500 }, deliver: true })
    await until(
      () => messagesOf(router, id),
      ([, answer]) => answer.status === 'sent',
    )
    t.equal(shop.sent(user).length, 1)
    t.same(await deadLettersOf(router), [])
  })

  for (const [name, fault] of [
    ['the connection is lost, and so is the message', { drop: true }],
    ['a 500 with code 1, and it is lost', { error: { code: 1, status: 500 } }],
  ] as const) {
    await t.test(`${name}: the message becomes a dead letter, which can be sent after all`, async (t) => {
      const { user, id } = await send(fault)
      const [letter] = await until(
        () => deadLettersOf(router),
        (all) => all.length === 1,
      )
      t.match(letter, {
        conversation_id: id,
        reason: 'unknown_outcome',
        message: { content: 'You said: hi', status: 'unknown' },
      })
      t.same(shop.sent(user), [])
      await shop.customer('anything else?', user)
      await until(() => shop.sent(user).length === 1)
      t.match(await router.call(`/api/dead-letters/${letter.id}/redrive`, { method: 'POST' }), { status: 202 })
      t.same(
        await until(
          () => shop.sent(user),
          (all) => all.length === 2,
        ),
        ['You said: anything else?', 'You said: hi'],
      )
      t.same(await deadLettersOf(router), [])
      t.match(await router.call(`/api/dead-letters/${letter.id}/redrive`, { method: 'POST' }), { status: 404 })
    })
  }

  await t.test('an echo that comes after the dead letter confirms the message and removes it', async (t) => {
    graph.page({ page, echoDelayMs: 1_500 })
    const { user, id } = await send({ drop: true, deliver: true })
    await until(
      () => deadLettersOf(router),
      (all) => all.length === 1,
    )
    await until(
      () => deadLettersOf(router),
      (all) => all.length === 0,
    )
    t.match(await messagesOf(router, id), [{}, { status: 'sent', evidence: 'text' }])
    t.equal(shop.sent(user).length, 1)
    t.match(await conversationOf(router, id), { bot: { enabled: true } })
    graph.page({ page, echoDelayMs: 0 })
  })
})

t.test('a send that Meta refuses for now is retried, one refused for good becomes a dead letter', async (t) => {
  const shop = await openShop(t, { settings: { COOLDOWN: '0', SEND_ATTEMPTS: '2' } })
  const { graph } = shop
  const router = await shop.start()
  const page = PAGE

  graph.script({ page, faults: [{ error: { code: 613 } }] })
  await shop.customer('hi', '4001')
  await until(() => shop.sent('4001').length === 1)
  t.equal(graph.sends.length, 2)

  graph.script({ page, faults: [{ error: { code: 4 } }, { error: { code: 4 } }] })
  await shop.customer('hi', '4002')
  t.match(
    await until(
      () => deadLettersOf(router),
      (all) => all.length === 1,
    ),
    [{ reason: 'attempts_exhausted' }],
  )

  graph.script({ page, faults: [{ error: { code: 10, subcode: 2534022 } }] })
  await shop.customer('hi', '4003')
  t.match(
    (
      await until(
        () => deadLettersOf(router),
        (all) => all.length === 2,
      )
    )[0],
    {
      reason: 'window_closed',
      message: { status: 'failed', reason: 'window_closed' },
    },
  )

  const [last] = await deadLettersOf(router)
  t.match(await router.call(`/api/dead-letters/${last.id}`, { method: 'DELETE' }), { status: 204 })
  t.match(await router.call(`/api/dead-letters/${last.id}`, { method: 'DELETE' }), { status: 404 })
})

t.test('a dead token is marked, shown and cried out, and not tried with every message', async (t) => {
  const shop = await openShop(t, { page: { token: 'another-token' }, settings: { COOLDOWN: '0' } })
  const { graph } = shop
  const router = await shop.start()
  await shop.customer('hi', '7001')
  await until(
    () => deadLettersOf(router),
    (all) => all.length === 1,
  )
  for (const user of ['7002', '7003', '7004']) await shop.customer('hi', user)
  const letters = await until(
    () => deadLettersOf(router),
    (all) => all.length === 4,
  )
  t.same(new Set(letters.map(({ reason }) => reason)), new Set(['channel_unusable']))
  t.equal(graph.sends.length, 1)
  const [channel] = (await router.call('/api/channels')).json.channels
  t.match(channel, { connected: false, last_error: { code: '190' } })
  t.match(
    router.log.filter(({ level }) => level >= 50),
    [{ msg: /^Meta refuses the token/ }, { msg: /^no message of this channel gets through/ }],
    'once by the probe at the start, once by all that was to be sent',
  )
  t.equal(router.log.filter(({ level }) => level >= 50).length, 2)
})

t.test('messages of API callers are sent', async (t) => {
  const shop = await openShop(t, { settings: { COOLDOWN: '0' } })
  const { graph } = shop
  const router = await shop.start()
  const post = async (body: object, headers = {}) =>
    router.call('/api/messages', {
      method: 'POST',
      body: { conversation_id: ID, ...body },
      headers: { ...JSON_TYPE, ...headers },
    })

  const [first, again] = [
    await post({ text: 'Your order has left.' }, { 'idempotency-key': 'order-1' }),
    await post({ text: 'Your order has left.' }, { 'idempotency-key': 'order-1' }),
  ]
  t.match(first, { status: 202, json: { status: 'queued', conversation_id: ID } })
  t.same(again.json, first.json)
  t.match(await post({ text: 'Something else.' }, { 'idempotency-key': 'order-1' }), {
    status: 409,
    json: { code: 'idempotency_conflict' },
  })
  await until(() => shop.sent().length === 1)

  t.match(await post({ text: 'A person writes.', author: 'support' }), { status: 202 })
  await until(() => shop.sent().length === 2)
  t.match(await conversationOf(router), { bot: { enabled: false, reason: 'support_message' } })
  t.match(await post({ text: 'The bot does not.' }), {
    status: 200,
    json: { status: 'cancelled', reason: 'bot_paused' },
  })
  await post({ attachment: { type: 'image', url: 'https://cdn.example/1.jpg' }, author: 'support' })
  await until(() => graph.sends.length === 3)
  await graph.settled()
  t.match(graph.sends[2]!.body, {
    message: { attachment: { type: 'image', payload: { url: 'https://cdn.example/1.jpg' } } },
  })
  t.same(
    await until(
      () => told(router),
      (lines) => lines.length === 4 && lines[3] === 'support sent: null',
    ),
    [
      'AI sent: Your order has left.',
      'support sent: A person writes.',
      'AI cancelled: The bot does not.',
      'support sent: null',
    ],
  )
  await until(
    () => messagesOf(router),
    (all) => all.filter(({ evidence }) => evidence !== null).length === 3,
  )
})

t.test('a person who steps in between two parts: the rest stays here', async (t) => {
  const shop = await openShop(t, { app: { answer: 'one two three. '.repeat(200) }, settings: { SEND_RATE: '1' } })
  const { graph, customer, person } = shop
  const router = await shop.start()
  await customer('tell me')
  await until(() => graph.sends.length === 1)
  await person('I am here')
  await sleep(2_500)
  t.equal(shop.sent().length, 1)
  const messages = await messagesOf(router)
  const told = messages.map(({ type, status, reason }) => `${type} ${status} ${reason}`)
  t.same(told.slice(0, 2), ['customer processed null', 'AI sent null'])
  t.ok(told.slice(2, -1).length > 1)
  t.same(new Set(told.slice(2, -1)), new Set(['AI cancelled bot_paused']))
  t.equal(told.at(-1), 'support sent null')
})

t.test('Messenger returns our own mark, which decides whatever else the echo says', async (t) => {
  const shop = await openShop(t, { page: { platform: 'facebook', echo: 'before', appId: '999' } })
  const router = await shop.start({ META_APP_IDS: '1' })
  await shop.customer('hi')
  await until(
    () => messagesOf(router),
    (all) => all[1]?.evidence === 'metadata',
  )
  t.match(await conversationOf(router), { bot: { enabled: true } })
  t.match(shop.graph.sends[0]!.body, {
    message: { metadata: /^message-router:AI:[0-9a-z]+-2$/ },
    recipient: { id: USER },
  })
})
