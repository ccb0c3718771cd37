import t from 'tap'
import { type Answer, startApp } from '../../fixtures/app.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { delivery, fromCustomer, newMid, PAGE } from '../../fixtures/webhooks.js'

const HOUR = 3_600_000

t.test('one conversation is shown with all its fields', async (t) => {
  const app = await startApp(t)
  const id = `${PAGE}-2`
  const path = `/api/conversations/${id}`

  t.match(await app.call(path), { status: 404, json: { status: 'error', code: 'not_found' } })
  t.match(await app.call(`${path}/messages`), { status: 404, json: { code: 'not_found' } })
  for (const bad of ['x', '1-', '1-x', 'start.conversation_id', '%7B%7Bid%7D%7D']) {
    for (const rest of ['', '/messages']) {
      t.match(await app.call(`/api/conversations/${bad}${rest}`), {
        status: 400,
        json: { code: 'invalid_conversation_id' },
      })
    }
    for (const [rest, body] of [
      ['bot', { enabled: true }],
      ['state', { state: 'open' }],
    ] as const) {
      const answer = await app.call(`/api/conversations/${bad}/${rest}`, { method: 'PUT', body })
      t.match(answer, { status: 400, json: { code: 'invalid_conversation_id' } })
    }
  }
  for (const rest of ['', '/messages']) {
    t.match(await app.call(`/api/conversations/9-9${rest}`), { status: 404, json: { code: 'unknown_channel' } })
  }

  await app.deliver(delivery([fromCustomer('2', { mid: 'm1', text: 'hi' })]))
  t.match((await app.call(path)).json, {
    id,
    page_id: PAGE,
    user_id: '2',
    platform: 'instagram',
    state: 'open',
    bot: { enabled: true, paused_until: null, reason: null },
    flags: 0,
    customer: { id: '2' },
  })
})

t.test('the history of a conversation', async (t) => {
  const app = await startApp(t)
  const path = `/api/conversations/${PAGE}-2/messages`
  for (let i = 1; i <= 5; i++) await app.deliver(delivery([fromCustomer('2', { mid: `m${i}`, text: `text ${i}` })]))
  const seqs = async (query: string): Promise<readonly number[]> =>
    (await app.call(`${path}${query}`)).json.messages.map(({ seq }: { seq: number }) => seq)

  t.same(await seqs(''), [1, 2, 3, 4, 5])
  t.same(await seqs('?limit=2'), [4, 5])
  t.same(await seqs('?before=4&limit=2'), [2, 3])
  t.same(await seqs('?after=1&limit=2'), [2, 3])
  t.same(await seqs('?after=1&before=4'), [2, 3])
  t.same(await seqs('?after=5'), [])
  t.same(await seqs('?before=1'), [])
  t.same(await seqs('?after=0&limit=501'), [1, 2, 3, 4, 5])
  t.same(await seqs('?after=999999999999999'), [])
  t.same(await seqs('?limit=&before=&after='), [1, 2, 3, 4, 5])
  t.match((await app.call(path)).json.messages[0], { external_message_id: 'm1', content: 'text 1', type: 'customer' })
  for (const query of ['limit=0', 'limit=x', 'before=x', 'after=-1', 'after=1.5', 'after=1&after=2']) {
    t.match(await app.call(`${path}?${query}`), { status: 400, json: { code: 'invalid_request' } }, query)
  }
})

t.test('the bot is switched by POST', async (t) => {
  const app = await startApp(t, {}, [
    { id: '1', platform: 'instagram', difyTokens: ['token-of-channel-1'] },
    { id: '2', platform: 'instagram' },
  ])
  const put = (id: string, body: unknown, token?: string): Promise<Answer> =>
    app.call(`/api/conversations/${id}/bot`, {
      method: 'PUT',
      body: JSON.stringify(body),
      ...(token === undefined ? {} : { token }),
    })

  await t.test('a slip in a field does not silence it without an end', async (t) => {
    t.match(await put('1-6', { enabled: false, duration: '2h' }), {
      status: 400,
      json: { code: 'invalid_request', message: 'duration is no field of this request.' },
    })
    t.equal((await app.call('/api/conversations/1-6')).status, 404, 'nothing has changed')
  })

  await t.test('the bot is switched off for a while, off until further notice, and on', async (t) => {
    const before = Date.now()
    const { json, status } = await put('1-7', { enabled: false, for: '2h', reason: 'a call' })
    t.equal(status, 200)
    t.match(json, { id: '1-7', bot: { enabled: false, reason: 'api', note: 'a call' } })
    const until = Date.parse(json.bot.paused_until)
    t.ok(until >= before + 2 * HOUR && until <= Date.now() + 2 * HOUR)
    const forGood = (await put('1-7', { enabled: false })).json.bot
    t.ok(Date.parse(forGood.paused_at) >= before)
    t.same(forGood, {
      enabled: false,
      paused_at: forGood.paused_at,
      paused_until: null,
      reason: 'api',
      note: null,
    })
    t.match((await put('1-7', { enabled: false, for: 'forever' })).json.bot, { enabled: false, paused_until: null })
    t.match((await put('1-7', { enabled: false, for: null, reason: null })).json.bot, {
      paused_until: null,
      note: null,
    })
    t.match((await put('1-7', { enabled: false, reason: '' })).json.bot, { note: null })
    t.same((await put('1-7', { enabled: true })).json.bot, {
      enabled: true,
      paused_at: null,
      paused_until: null,
      reason: null,
      note: null,
    })
  })

  await t.test('a conversation that nobody has seen may be silenced beforehand', async (t) => {
    await put('1-8', { enabled: false })
    const customer = fromCustomer('8', { mid: newMid(), text: 'hi' }, { page: '1' })
    t.match((await app.deliver(delivery([customer], { page: '1' }))).json.results, [{ reason: 'bot_paused' }])
  })

  await t.test('a body of the wrong type is refused, and nothing is coerced', async (t) => {
    for (const body of [
      undefined,
      null,
      [],
      'off',
      {},
      { enabled: null },
      { enabled: 'false' },
      { enabled: 0 },
      { enabled: false, for: '' },
      { enabled: false, for: '0' },
      { enabled: false, for: '2 hours' },
      { enabled: false, for: 7200 },
      { enabled: false, for: '-1h' },
      { enabled: true, for: 'x' },
      { enabled: false, reason: 7 },
      { enabled: false, reason: 'x'.repeat(501) },
    ]) {
      t.match(await put('1-9', body), { status: 400, json: { code: 'invalid_request' } }, JSON.stringify(body))
    }
    t.match(await app.call('/api/conversations/1-9'), { status: 404 })
    t.match(await put('9-9', { enabled: true }), { status: 404, json: { code: 'unknown_channel' } })
  })

  await t.test('a Dify token may switch the bot of its own channel', async (t) => {
    t.match(await put('1-7', { enabled: true }, DIFY_TOKEN), { status: 200 })
    t.match(await put('1-7', { enabled: true }, 'token-of-channel-1'), { status: 200 })
    t.match(await put('2-7', { enabled: true }, 'token-of-channel-1'), { status: 403, json: { code: 'forbidden' } })
    t.match(await put('1-7', { enabled: true }, 'nobody'), { status: 401 })
  })

  t.match(
    app.log.find(({ msg }) => msg === 'bot switched by the API'),
    { conversation_id: '1-7', enabled: false, for_ms: 2 * HOUR },
  )
  t.notMatch(JSON.stringify(app.log), 'a call')
})

t.test('a conversation is closed and reopened', async (t) => {
  const app = await startApp(t)
  const put = (user: string, body: object, token?: string): Promise<Answer> =>
    app.call(`/api/conversations/${PAGE}-${user}/state`, {
      method: 'PUT',
      body,
      ...(token === undefined ? {} : { token }),
    })
  const reasonFor = async (user: string): Promise<string> =>
    (await app.deliver(delivery([fromCustomer(user, { mid: newMid(), text: 'hi' })]))).json.results[0].reason

  t.match(await put('2', { state: 'closed' }), { status: 200, json: { id: `${PAGE}-2`, state: 'closed' } })
  t.match(await put('2', { state: 'closed' }), { json: { state: 'closed' } })
  t.equal(await reasonFor('2'), 'conversation_closed')
  t.match(await put('2', { state: 'open' }), { json: { state: 'open' } })
  t.equal(await reasonFor('2'), 'no_assistant')
  for (const body of [{}, { state: 'shut' }, { state: null }, { state: ['open'] }]) {
    t.match(await put('2', body), { status: 400, json: { code: 'invalid_request' } }, JSON.stringify(body))
  }
  t.match(await put('2', { state: 'open' }, DIFY_TOKEN), { status: 403, json: { code: 'forbidden' } })
})

t.test('reading conversations needs an API token', async (t) => {
  const app = await startApp(t)
  await app.deliver(delivery([fromCustomer('2', { mid: 'm', text: 'hi' })]))
  for (const path of ['', `/${PAGE}-2`, `/${PAGE}-2/messages`]) {
    const full = `/api/conversations${path}`
    t.match(await app.call(full), { status: 200 })
    t.match(await app.call(full, { token: DIFY_TOKEN }), { status: 403, json: { code: 'forbidden' } })
    t.match(await app.call(full, { token: null }), { status: 401, headers: { 'www-authenticate': 'Bearer' } })
  }
})

t.test('a customer is forgotten, as often as one likes', async (t) => {
  const app = await startApp(t)
  await app.deliver(delivery([fromCustomer('2', { mid: newMid(), text: 'remember me' })]))
  t.match(await app.call(`/api/conversations/${PAGE}-2`), { status: 200 })
  for (let i = 0; i < 2; i++) {
    t.match(await app.call(`/api/conversations/${PAGE}-2`, { method: 'DELETE' }), { status: 204, text: '' })
  }
  t.match(await app.call(`/api/conversations/${PAGE}-2`), { status: 404, json: { code: 'not_found' } })
  t.match(await app.call(`/api/conversations/${PAGE}-2/messages`), { status: 404 })
  t.same((await app.call('/api/conversations')).json.conversations, [])
  t.match(await app.call('/api/conversations/9-2', { method: 'DELETE' }), {
    status: 404,
    json: { code: 'unknown_channel' },
  })
  t.match(await app.call('/api/conversations/x', { method: 'DELETE' }), { status: 400 })
  t.match(await app.call(`/api/conversations/${PAGE}-2`, { method: 'DELETE', token: DIFY_TOKEN }), { status: 403 })
})
