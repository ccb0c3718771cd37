import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { bodyOf, conversationOf, ID, messagesOf, openShop, told, USER, until } from '../fixtures/shop.js'

/** From a customer's burst to the delivered reply, with the built program between a pretend Meta and a pretend Dify. */

const persian = (letters: number): string =>
  'سلام، قیمت این کفش چند است؟ '.repeat(Math.ceil(letters / 28)).slice(0, letters)

t.test('a burst is one question, and what comes during the answer is the next one', async (t) => {
  const shop = await openShop(t)
  const { graph, dify, customer } = shop
  const router = await shop.start({ DEBOUNCE: '300ms', DEBOUNCE_MAX: '3s', COOLDOWN: '300ms' }, { isMeasured: true })
  dify.script({ key: 'app-1', faults: [{ delayMs: 500 }] })
  for (const text of ['hi', 'do you have', 'these shoes', 'in red', 'size 42?']) await customer(text)
  await until(() => dify.calls.length === 1)
  await customer('and in blue?')
  await until(() => graph.sends.length === 2)
  t.same(shop.asked(), ['hi\ndo you have\nthese shoes\nin red\nsize 42?', 'and in blue?'])
  const [first, second] = dify.calls
  t.equal(bodyOf(first).conversation_id, undefined)
  t.equal(bodyOf(second).conversation_id, first!.conversationId, 'in the same conversation at Dify')
  t.match(first!.body, {
    user: ID,
    response_mode: 'streaming',
    inputs: { conversation_id: ID, user_id: USER, platform: 'instagram', customer_name: '' },
  })
  t.ok(second!.at - graph.sends[0]!.at >= 290, 'after the cooldown')
  t.same(
    await until(
      () => told(router),
      (lines) => lines.length === 8,
    ),
    [
      'customer processed: hi',
      'customer processed: do you have',
      'customer processed: these shoes',
      'customer processed: in red',
      'customer processed: size 42?',
      'customer processed: and in blue?',
      'AI sent: You said: hi\ndo you have\nthese shoes\nin red\nsize 42?',
      'AI sent: You said: and in blue?',
    ],
  )
  await graph.settled()
  t.match(await conversationOf(router), { bot: { enabled: true }, waiting: 0 })
  t.same(
    graph.actions.map(({ body }) => (body as { sender_action?: string }).sender_action),
    ['typing_on', 'typing_on'],
  )
  router.kill('SIGTERM')
  t.match(await router.exited, { code: 0 })
})

t.test('a person’s word closes the call of the assistant, and nothing is sent', async (t) => {
  const shop = await openShop(t, { app: { kind: 'chatflow' } })
  const { graph, dify, customer, person } = shop
  const router = await shop.start()
  dify.script({ key: 'app-1', faults: [{ chunkDelayMs: 30_000 }] })
  await customer('where is my order?')
  await until(() => dify.calls.length === 1)
  await sleep(200)
  const at = Date.now()
  await person('let me look')
  await until(() => dify.calls[0]!.clientClosedAt !== null)
  await until(() => dify.stops.length === 1)
  t.ok(Date.now() - at < 1_000, 'at once')
  t.match(dify.stops[0], { isStopped: true, user: ID })
  await sleep(300)
  t.same(graph.sends, [])
  t.same(await told(router), ['customer skipped: where is my order?', 'support sent: let me look'])
  t.match(await messagesOf(router), [{ reason: 'bot_paused' }, { evidence: 'none' }])
})

t.test('a long answer leaves in parts that Instagram takes, and the bot knows them all again', async (t) => {
  const answer = persian(3_000)
  const shop = await openShop(t, { app: { answer } })
  const { graph, customer } = shop
  const router = await shop.start()
  await customer('tell me everything')
  const parts = await until(
    () => shop.sent(),
    (sent) => sent.join('').length > 2_900,
  )
  for (const part of parts) t.ok(Buffer.byteLength(part) <= 1_000)
  t.equal(parts.join(' ').replaceAll(/\s+/g, ' ').trim(), answer.trim().replaceAll(/\s+/g, ' '))
  await graph.settled()
  const messages = await until(
    () => messagesOf(router),
    (all) => all.every(({ type, evidence }) => type === 'customer' || evidence !== null),
  )
  t.equal(messages.length, 1 + parts.length)
  t.match(await conversationOf(router), { bot: { enabled: true } })
  t.same(
    graph.sends.filter(({ error }) => error !== null),
    [],
  )
})

t.test('pictures and voice messages go to the assistant as files', async (t) => {
  const shop = await openShop(t, { app: { kind: 'workflow' } })
  const { graph, dify } = shop
  await shop.start()
  const attachments = [
    { type: 'image', payload: { url: 'https://cdn.example/1.jpg' } },
    { type: 'audio', payload: { url: 'https://cdn.example/2.mp4' } },
  ]
  await graph.write({ page: ID.split('-')[0]!, user: USER, attachments })
  await until(() => graph.sends.length === 1)
  t.match(dify.calls[0]!.body, {
    inputs: { query: /^\[(image|voice)\]$/ },
    files: [
      { type: 'image', transfer_method: 'remote_url', url: 'https://cdn.example/1.jpg' },
      { type: 'audio', transfer_method: 'remote_url', url: 'https://cdn.example/2.mp4' },
    ],
  })
})

t.test('a workflow that sends by itself is recognised by its flags, and the router sends nothing', async (t) => {
  const shop = await openShop(t, { app: { kind: 'workflow' }, settings: { REPLIES: 'dify', DEBOUNCE: '50ms' } })
  const { graph, dify, customer } = shop
  const router = await shop.start()
  const marks = { url: `http://127.0.0.1:${router.port}/api/mark-bot-response`, token: 'dify-token-0123456789' }
  const account = ID.split('-')[0]!
  dify.app({ key: 'app-1', marks, sends: { graphUrl: graph.url, account, token: 'page-token', parts: 2 } })
  await customer('hello?')
  await until(
    () => messagesOf(router),
    (all) => all.length === 3,
  )
  await until(
    () => messagesOf(router),
    ([question]) => question?.status === 'processed',
  )
  t.match(await messagesOf(router), [
    { type: 'customer', status: 'processed' },
    { type: 'AI', evidence: 'flag' },
    { type: 'AI', evidence: 'flag_tail' },
  ])
  t.match(await conversationOf(router), { bot: { enabled: true }, flags: 0 })

  await t.test('the flags of a failed run are withdrawn', async (t) => {
    dify.app({ key: 'app-1', marks, sends: null })
    dify.script({ key: 'app-1', faults: [{ failed: true }] })
    await customer('and now?')
    await until(
      () => messagesOf(router),
      (all) => all.at(-1)?.status === 'skipped',
    )
    t.match((await messagesOf(router)).at(-1), { reason: 'assistant_failed' })
    t.equal(dify.calls.length, 2, 'a run that began is not asked again')
    await until(
      () => conversationOf(router),
      ({ flags }) => flags === 0,
    )
  })
})

t.test('an answer under way at a SIGTERM is still sent', async (t) => {
  const shop = await openShop(t)
  const { graph, dify, customer } = shop
  const router = await shop.start()
  dify.script({ key: 'app-1', faults: [{ delayMs: 800 }] })
  await customer('one last question')
  await until(() => dify.calls.length === 1)
  await customer('and one that nobody is left to ask')
  router.kill('SIGTERM')
  t.match(await router.exited, { code: 0 })
  t.same(shop.sent(), ['You said: one last question'])
  t.equal(dify.calls.length, 1)
  t.equal(graph.sends.length, 1)
})
