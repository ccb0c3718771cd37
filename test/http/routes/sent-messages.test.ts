import t from 'tap'
import { type Answer, type Call, startApp } from '../../fixtures/app.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { delivery, echoTo, newMid, PAGE } from '../../fixtures/webhooks.js'

t.test('sent messages are reported', async (t) => {
  const app = await startApp(t)
  let users = 0
  const newUser = (): string => {
    users += 1
    return `${users}`
  }
  const report = (user: string, body: object, call: Call = {}): Promise<Answer> =>
    app.call('/api/sent-messages', { method: 'POST', body: { conversation_id: `${PAGE}-${user}`, ...body }, ...call })
  const echo = async (user: string, message: object) => {
    const { json } = await app.deliver(delivery([echoTo(user, { mid: newMid(), ...message })]))
    return json.results[0]
  }
  const history = async (user: string) => (await app.call(`/api/conversations/${PAGE}-${user}/messages`)).json.messages
  const isPaused = async (user: string) => !(await app.call(`/api/conversations/${PAGE}-${user}`)).json.bot.enabled

  await t.test('a report is in the history at once, and its echo no second message', async (t) => {
    const user = newUser()
    const answer = await report(user, { text: 'It costs 5', message_id: 'mid-1', source: 'Workflow' })
    t.same(answer.json, { status: 'success', conversation_id: `${PAGE}-${user}`, matched: false })
    t.equal(answer.status, 200)
    t.match(await history(user), [
      {
        type: 'AI',
        content: 'It costs 5',
        external_message_id: 'mid-1',
        source: 'Workflow',
        sent_from_app: true,
        status: 'sent',
        evidence: null,
      },
    ])
    t.match(await echo(user, { mid: 'mid-1', text: 'It costs 5' }), {
      outcome: 'duplicate',
      reason: 'own_message',
      author: 'bot',
      evidence: 'message_id',
    })
    t.match(await history(user), [{ evidence: 'message_id' }])
    t.equal((await history(user)).length, 1)
    t.equal(await isPaused(user), false)
  })

  await t.test('a report made again under its key counts once, and another one under it is another', async (t) => {
    const user = newUser()
    const underKey = (body: object) => report(user, body, { headers: { 'idempotency-key': 'run-1' } })
    for (let i = 0; i < 3; i++) t.match(await underKey({ text: 'once' }), { status: 200, json: { matched: false } })
    await underKey({ text: 'and then' })
    t.match(await history(user), [{ content: 'once' }, { content: 'and then' }])
    t.match(await echo(user, { text: 'once' }), { author: 'bot', evidence: 'text' })
    t.match(await underKey({ text: 'once' }), { status: 200 })
    t.match(await echo(user, { text: 'once' }), { author: 'human' }, 'no second one is expected')
    t.match(await report(user, { text: 'x' }, { headers: { 'idempotency-key': '{{run}}' } }), { status: 400 })
  })

  await t.test('a repeated report says whether its echo has come by now', async (t) => {
    const user = newUser()
    const again = () =>
      report(user, { text: 'It costs 7', message_id: 'mid-7' }, { headers: { 'idempotency-key': 'run-7' } })
    t.match((await again()).json, { matched: false })
    await echo(user, { mid: 'mid-7', text: 'It costs 7' })
    t.match((await again()).json, { matched: true })
    t.equal((await history(user)).length, 1)
  })

  await t.test('a report after the echo finds it, and takes its pause back', async (t) => {
    const user = newUser()
    t.match(await echo(user, { mid: 'mid-2', text: 'It costs 6' }), { author: 'human' })
    t.equal(await isPaused(user), true)
    t.match((await report(user, { message_id: 'mid-2' })).json, { matched: true })
    t.equal(await isPaused(user), false)
    t.match(await history(user), [{ type: 'AI', content: 'It costs 6', sent_from_app: true, evidence: 'message_id' }])
  })

  await t.test('an echo is known by its text, and a picture by its kind', async (t) => {
    const user = newUser()
    await report(user, { text: ' Two  words\n' })
    await report(user, { attachment: { type: 'image', url: 'https://cdn.example/1' }, author: 'marketing' })
    await report(user, { attachment: { type: 'audio' }, author: null, source: null, text: null, message_id: null })
    t.match(await echo(user, { text: 'Two words' }), { evidence: 'text', author: 'bot' })
    t.match(await echo(user, { attachments: [{ type: 'image', payload: { url: 'x' } }] }), { evidence: 'text' })
    t.match(await echo(user, { attachments: [{ type: 'audio', payload: { url: 'x' } }] }), { evidence: 'text' })
    t.match(await history(user), [
      { message_type: 'text', type: 'AI' },
      { message_type: 'image', type: 'marketing', media_url: 'https://cdn.example/1' },
      { message_type: 'voice', type: 'AI', source: 'api' },
    ])
    t.match(await echo(user, { text: 'Two words' }), { evidence: 'none', author: 'human' }, 'each is used once')
  })

  await t.test("a person's message that another program sent silences the bot", async (t) => {
    const user = newUser()
    await report(user, { text: 'I take over', author: 'support', source: 'Support' })
    const { json } = await app.call(`/api/conversations/${PAGE}-${user}`)
    t.match(json.bot, { enabled: false, reason: 'support_message' })
    t.match(await history(user), [{ type: 'support', source: 'Support' }])
  })

  await t.test('the log says it in words that operators know, and not in theirs', async (t) => {
    const [user, other] = [newUser(), newUser()]
    await report(user, { text: 'secret words', source: 'Node' })
    await report(other, { message_id: 'mid-3' })
    const lines = app.log.filter(({ msg }) => msg.startsWith('📝')).slice(-2)
    t.same(
      lines.map(({ msg }) => msg),
      [
        '📝 [Node] Cached sent message to prevent webhook duplicate',
        '📝 [api] Cached sent message to prevent webhook duplicate · 📝 [api] Stored Instagram message_id in metadata',
      ],
    )
    t.match(lines[0], { conversation_id: `${PAGE}-${user}`, author: 'bot', matched: false })
    t.notMatch(JSON.stringify(lines), 'secret')
  })

  await t.test('the body is read whatever its Content-Type', async (t) => {
    const body = JSON.stringify({ conversation_id: `${PAGE}-${newUser()}`, text: 'x' })
    for (const type of ['application/json', 'text/plain', ';;;', 'application/x-www-form-urlencoded']) {
      const answer = await app.call('/api/sent-messages', { method: 'POST', body, headers: { 'content-type': type } })
      t.equal(answer.status, 200, type)
    }
  })

  await t.test('a report that is empty or invalid is refused', async (t) => {
    const user = newUser()
    for (const body of [
      {},
      { text: '' },
      { text: null, message_id: '' },
      { text: 7 },
      { text: { a: 1 } },
      { text: ' \n' },
      { text: 'x'.repeat(20_001) },
      { message_id: 7 },
      { message_id: 'x'.repeat(1_025) },
      { attachment: 'image' },
      { attachment: {} },
      { attachment: { type: 'hologram' } },
      { attachment: { type: 'image', url: 7 } },
      { text: 'x', author: 'customer' },
      { text: 'x', source: 'two\nlines' },
      { text: 'x', source: 'x'.repeat(65) },
    ]) {
      t.match(
        await report(user, body),
        { status: 400, json: { code: 'invalid_request' } },
        JSON.stringify(body).slice(0, 60),
      )
    }
    for (const body of ['', '{', '[]', 'null', '"x"', 'conversation_id=1-2&text=x']) {
      const answer = await app.call('/api/sent-messages', { method: 'POST', body })
      t.match(answer, { status: 400, json: { code: 'invalid_request' } }, body)
    }
    t.match(await report(user, { conversation_id: 'start.conversation_id', text: 'x' }), {
      status: 400,
      json: { code: 'invalid_conversation_id' },
    })
    t.match(await report(user, { conversation_id: 12, text: 'x' }), { status: 400, json: { code: 'invalid_request' } })
    t.match(await report(user, { conversation_id: '999-2', text: 'x' }), {
      status: 404,
      json: { code: 'unknown_channel' },
    })
    t.equal((await app.call(`/api/conversations/${PAGE}-${user}`)).status, 404, 'and nothing is recorded')
  })

  await t.test('a token is needed, and that of Dify is enough', async (t) => {
    const user = newUser()
    t.match(await report(user, { text: 'x' }, { token: null }), { status: 401 })
    t.match(await report(user, { text: 'x' }, { token: DIFY_TOKEN }), { status: 200 })
    t.match(await app.call('/api/sent-messages'), { status: 405, headers: { allow: 'POST' } })
  })
})

t.test("a channel's own token, and no token where none is asked for", async (t) => {
  const app = await startApp(t, { API_AUTH: 'none' }, [
    { id: '1', platform: 'instagram', difyTokens: ['token-of-channel-1'] },
    { id: '2', platform: 'facebook' },
  ])
  const report = (id: string, token: string | null) =>
    app.call('/api/sent-messages', { method: 'POST', body: { conversation_id: id, text: 'x' }, token })
  t.match(await report('1-7', 'token-of-channel-1'), { status: 200 })
  t.match(await report('2-7', 'token-of-channel-1'), { status: 403, json: { code: 'forbidden' } })
  t.match(await report('2-7', null), { status: 200 })
})
