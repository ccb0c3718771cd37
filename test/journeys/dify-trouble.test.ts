import t from 'tap'
import { bodyOf, deadLettersOf, ID, messagesOf, openShop, until } from '../fixtures/shop.js'

t.test('no trouble of Dify leaves a customer waiting without a trace', async (t) => {
  const FALLBACK = 'Sorry, a colleague will answer soon.'
  const shop = await openShop(t, {
    settings: { FALLBACK_TEXT: FALLBACK, DIFY_TIMEOUT: '1s', COOLDOWN: '0', DIFY_ATTEMPTS: '2' },
  })
  const { graph, dify } = shop
  const router = await shop.start()
  let users = 5_000
  const gone = { status: 404, body: { code: 'not_found', message: 'Conversation Not Exists.', status: 404 } }
  const ask = async (faults: Parameters<typeof dify.script>[0]['faults'], text = 'hello') => {
    const user = String(++users)
    const before = dify.requests.length
    dify.script({ key: 'app-1', faults })
    await shop.customer(text, user)
    const sent = await until(
      () => shop.sent(user),
      (all) => all.length > 0,
    )
    const chats = dify.requests.slice(before).filter(({ path }) => path.endsWith('/chat-messages')).length
    const [question] = await until(
      () => messagesOf(router, `${ID.split('-')[0]}-${user}`),
      ([first]) => first?.status !== 'received',
    )
    return { sent, chats, status: question.status, reason: question.reason }
  }
  const answered = { sent: ['You said: hello'], status: 'processed', reason: null }
  const failed = { sent: [FALLBACK], status: 'skipped', reason: 'assistant_failed' }

  t.same(
    await ask([{ errorEvent: { status: 400, code: 'completion_request_error', message: 'secret' } }]),
    { ...failed, chats: 1 },
    'an error inside a 200',
  )
  t.same(
    await ask([{ status: 429, body: { code: 'too_many_requests' } }]),
    { ...answered, chats: 2 },
    'too many requests',
  )
  t.same(await ask([{ status: 500 }]), { ...answered, chats: 2 }, 'a 500')
  t.same(await ask([{ status: 400, body: { code: 'invalid_param' } }]), { ...failed, chats: 1 }, 'a 400')
  t.same(await ask([{ empty: true }]), { ...failed, chats: 1 }, 'an empty answer')
  t.same(await ask([{ huge: 40 * 1024 * 1024 }]), { ...failed, chats: 1 }, 'a 40 MB answer')
  t.same(
    await ask([{ cutAfterChunks: 1, finishAnyway: true }]),
    { ...answered, chats: 1 },
    'half a stream of a run that went on',
  )
  t.same(
    await ask([{ cutAfterChunks: 1, status: undefined as never }, {}]),
    { ...answered, chats: 2 },
    'half a stream of a run that did not',
  )
  t.same(await ask([{ pingsOnly: true }]), { ...answered, chats: 2 }, 'pings only')
  const odd = await ask([{ invalidUtf8: true }])
  t.match(odd, { status: 'processed', chats: 1 }, 'invalid UTF-8')
  await dify.refuse({})
  const patient = ask([])
  await until(() => router.log.some(({ code }) => code === 'ECONNREFUSED'))
  await dify.accept()
  t.same(await patient, { ...answered, chats: 1 }, 'nobody there for a moment')
  t.same(
    graph.sends.filter(({ text }) => text?.includes('secret')),
    [],
    'nothing of Dify’s own troubles reaches a customer',
  )
  t.same(await deadLettersOf(router), [])

  await t.test('a conversation that Dify has forgotten is begun anew', async (t) => {
    await shop.customer('first', '6001')
    await until(() => shop.sent('6001').length === 1)
    dify.script({ key: 'app-1', faults: [gone] })
    await shop.customer('second', '6001')
    await until(() => shop.sent('6001').length === 2)
    t.equal(bodyOf(dify.calls.at(-1)).conversation_id, undefined)
  })

  await t.test('a Dify that is down for long is logged once, with the reason', async (t) => {
    await dify.refuse({})
    await shop.customer('anybody?', '6002')
    t.same(
      await until(
        () => shop.sent('6002'),
        (all) => all.length > 0,
      ),
      [FALLBACK],
    )
    await dify.accept()
  })
})

t.test('a workflow that waits for a person hands over, and is not asked again', async (t) => {
  const TEXT = 'A colleague will be with you.'
  const shop = await openShop(t, {
    app: { kind: 'chatflow' },
    settings: { HANDOFF_TEXT: TEXT, FALLBACK_TEXT: 'Sorry', PAUSE_ON_FAILURE: 'on', DIFY_TIMEOUT: '1500ms' },
  })
  const { dify } = shop
  const router = await shop.start()
  const page = ID.split('-')[0]
  const kinds = [
    ['8001', 'chatflow', { paused: true }],
    ['8002', 'agent', { paused: true, afterChunks: 2 }],
    // The stream broke off, and the run came to its pause without us: found out by a look-up.
    ['8003', 'chatflow', { paused: true, afterChunks: 2, cutAfterChunks: 1, finishAnyway: true }],
  ] as const
  for (const [user, kind, fault] of kinds) {
    dify.app({ key: 'app-1', kind })
    dify.script({ key: 'app-1', faults: [fault] })
    await shop.customer('a refund, please', user)
    await until(() => shop.sent(user).length > 0)
    const id = `${page}-${user}`
    t.same(shop.sent(user), [TEXT], kind)
    t.match((await router.call(`/api/conversations/${id}`)).json, { bot: { enabled: false, reason: 'assistant' } })
    t.match(await messagesOf(router, id), [{ status: 'processed', reason: null, is_answered: false }, { type: 'AI' }])
    await shop.customer('hello?', user)
    await until(
      () => messagesOf(router, id),
      (all) => all.at(-1)?.reason === 'bot_paused',
    )
  }
  t.equal(dify.calls.length, kinds.length)
  t.equal(router.log.filter(({ msg }) => msg === 'assistant asked for a person').length, kinds.length)
})

for (const kind of ['chat', 'chatflow', 'agent', 'workflow'] as const) {
  t.test(`a partial answer of a ${kind} app is not sent`, async (t) => {
    const FALLBACK = 'Sorry, a colleague will answer soon.'
    const shop = await openShop(t, {
      app: { kind, answer: 'Our shop is open from nine to five.', chunks: 4 },
      settings: { DIFY_TIMEOUT: '1500ms', DIFY_ATTEMPTS: '2', COOLDOWN: '0', FALLBACK_TEXT: FALLBACK },
    })
    const { dify } = shop
    const router = await shop.start()
    const half = { hangAfterChunks: 2 }
    dify.script({ key: 'app-1', faults: [half] })
    await shop.customer('when?')
    await until(() => shop.sent().length === 1)
    t.same(shop.sent(), ['Our shop is open from nine to five.'], 'asked again')
    t.equal(dify.calls.length, 2)
    t.match(dify.calls[0], { status: 'stopped', answer: /^Our/ }, 'Dify keeps what it had so far')
    dify.script({ key: 'app-1', faults: [half, half] })
    await shop.customer('and on Sundays?', '2002')
    await until(() => shop.sent('2002').length === 1)
    t.same(shop.sent('2002'), [FALLBACK], 'and in the end failed')
    await until(
      () => messagesOf(router, `${ID.split('-')[0]}-2002`),
      ([question]) => question.reason === 'assistant_failed',
    )
    t.ok(dify.calls.slice(2).every(({ status }) => status === 'stopped'))
  })
}
