import t, { type Test } from 'tap'
import { type Answer, appConfigOf, type Call, type RunningApp, startApp } from '../../fixtures/app.js'
import { refuses, startMeta, takes } from '../../fixtures/meta.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { until } from '../../fixtures/shop.js'
import { delivery, echoTo, newMid } from '../../fixtures/webhooks.js'

const OTHER_API_TOKEN = 'another-api-token-0123'
let users = 0

async function open(t: Test, settings: Readonly<Record<string, string>> = {}) {
  let mids = 0
  const meta = await startMeta(t, () => {
    mids += 1
    return takes(`mid-${mids}`)
  })
  const app = await startApp(
    t,
    { SEND_RATE: '50', API_TOKENS: `api-token-0123456789,${OTHER_API_TOKEN}`, ...settings },
    [
      {
        id: '1',
        platform: 'instagram',
        token: 'token-1',
        graphUrl: meta.graphUrl,
        difyTokens: ['dify-token-of-1-0123'],
      },
      { id: '2', platform: 'facebook', token: 'token-2', graphUrl: meta.graphUrl },
      { id: '3', platform: 'instagram' },
      { id: '4', platform: 'instagram', token: 'token-4', graphUrl: meta.graphUrl, bot: { mode: 'off' } },
      {
        id: '5',
        platform: 'instagram',
        token: 'token-5',
        graphUrl: meta.graphUrl,
        bot: { mode: 'test', testers: ['77'] },
      },
    ],
  )
  const post = (id: string, body: object, call: Call = {}): Promise<Answer> =>
    app.call('/api/messages', { method: 'POST', body: { conversation_id: id, ...body }, ...call })
  const sent = (id: string) =>
    meta.sends.filter(
      ({ path, body }) => path === `/${id.split('-')[0]}/messages` && body.recipient.id === id.split('-')[1],
    )
  return { app, post, sent, history: historyOf(app), botOf: botOf(app) }
}

const historyOf = (app: RunningApp) => async (id: string) =>
  (await app.call(`/api/conversations/${id}/messages`)).json.messages
const botOf = (app: RunningApp) => async (id: string) => (await app.call(`/api/conversations/${id}`)).json.bot
const newId = (page = '1'): string => {
  users += 1
  return `${page}-${users}`
}
const keyed = (key: string, call: Call = {}): Call => ({ ...call, headers: { 'idempotency-key': key } })
const PICTURE = { type: 'image', url: 'https://cdn.example/1.jpg' }

t.test('messages are sent', async (t) => {
  const { app, post, sent, history, botOf } = await open(t)
  const untilSent = (id: string, count = 1) => until(() => sent(id).length >= count)

  await t.test('a text is taken, recorded, and sent', async (t) => {
    const id = newId()
    const answer = await post(id, { text: 'It costs 5' })
    t.equal(answer.status, 202)
    const [message] = await history(id)
    t.same(answer.json, { status: 'queued', conversation_id: id, message: { id: message.id } })
    t.match(message, { type: 'AI', content: 'It costs 5', sent_from_app: true, is_ai_response: true, reason: null })
    await untilSent(id)
    t.match(sent(id), [
      { token: 'Bearer token-1', body: { messaging_type: 'RESPONSE', message: { text: 'It costs 5' } } },
    ])
    await until(async () => (await history(id))[0].status === 'sent')
    t.match(await history(id), [{ external_message_id: /^mid-/ }])
    t.equal((await botOf(id)).enabled, true)
    t.notMatch(JSON.stringify(app.log), 'It costs 5')
    t.equal(
      app.log.filter(
        ({ msg, conversation_id }) =>
          msg === 'message queued · 📝 [api] Cached sent message to prevent webhook duplicate' &&
          conversation_id === id,
      ).length,
      1,
    )
  })

  await t.test('the echo of a sent message is recognised', async (t) => {
    const id = newId()
    await post(id, { text: 'known' })
    await untilSent(id)
    const echo = echoTo(id.split('-')[1]!, { mid: newMid(), text: 'known' }, { page: '1' })
    const { json } = await app.deliver(delivery([echo], { page: '1' }))
    t.match(json.results, [{ outcome: 'duplicate', reason: 'own_message', author: 'bot' }])
    t.equal((await botOf(id)).enabled, true)
  })

  await t.test('an attachment is one, by its kind', async (t) => {
    for (const [type, kind, metas] of [
      ['image', 'image', 'image'],
      ['voice', 'voice', 'audio'],
      ['audio', 'voice', 'audio'],
      ['video', 'video', 'video'],
      ['file', 'file', 'file'],
    ] as const) {
      const id = newId()
      const answer = await post(id, { attachment: { type, url: PICTURE.url }, text: null })
      t.equal(answer.status, 202, type)
      t.match(await history(id), [{ message_type: kind, media_url: PICTURE.url, content: null }])
      await untilSent(id)
      t.match(sent(id), [{ body: { message: { attachment: { type: metas, payload: { url: PICTURE.url } } } } }])
    }
  })

  await t.test('quick replies are sent with the text', async (t) => {
    const id = newId()
    t.equal((await post(id, { text: 'Well?', quick_replies: ['Yes', 'No'] })).status, 202)
    await untilSent(id)
    const choice = (title: string) => ({ content_type: 'text', title, payload: title })
    t.strictSame(sent(id)[0]?.body.message, { text: 'Well?', quick_replies: [choice('Yes'), choice('No')] })
    for (const none of [null, '', []]) t.equal((await post(newId(), { text: 'x', quick_replies: none })).status, 202)
  })

  await t.test('a long text leaves in parts, and the first one is named', async (t) => {
    const id = newId()
    const answer = await post(id, { text: `${'one '.repeat(240)}\n\n${'two '.repeat(240)}` })
    const messages = await history(id)
    t.equal(messages.length, 2)
    t.equal(answer.json.message.id, messages[0].id)
    await untilSent(id, 2)
  })

  await t.test('a text may be 20,000 characters long, of whatever kind', async (t) => {
    for (const [text, status] of [
      ['x'.repeat(20_000), 202],
      ['😀'.repeat(20_000), 202],
      ['x'.repeat(20_001), 400],
    ] as const) {
      t.equal((await post(newId('2'), { text })).status, status, `${text.length}`)
    }
  })

  await t.test("a person's message silences the bot, and is sent", async (t) => {
    const id = newId()
    t.equal((await post(id, { text: 'I am here', author: 'support' })).status, 202)
    t.match(await botOf(id), { enabled: false, reason: 'support_message' })
    t.match(await history(id), [{ type: 'support' }])
    await untilSent(id)
    t.equal((await post(id, { text: 'still here', author: 'support' })).status, 202, 'also while the bot is paused')
    await untilSent(id, 2)
  })

  await t.test('marketing counts as the bot’s, and so does an empty author', async (t) => {
    const id = newId()
    for (const [author, type] of [
      ['marketing', 'marketing'],
      ['', 'AI'],
      [null, 'AI'],
      ['AI', 'AI'],
    ] as const) {
      t.equal((await post(id, { text: `by ${author}`, author })).status, 202)
      t.match((await history(id)).at(-1), { type })
    }
    t.equal((await botOf(id)).enabled, true)
  })

  await t.test('a tag goes along', async (t) => {
    const id = newId('2')
    await post(id, { text: 'shipped', tag: 'POST_PURCHASE_UPDATE' })
    await post(id, { text: 'no tag', tag: '' })
    await post(id, { text: 'none either', tag: null })
    await untilSent(id, 3)
    t.match(sent(id), [
      {
        body: {
          messaging_type: 'MESSAGE_TAG',
          tag: 'POST_PURCHASE_UPDATE',
          message: { metadata: /^message-router:AI/ },
        },
      },
      { body: { messaging_type: 'RESPONSE' } },
      { body: { messaging_type: 'RESPONSE' } },
    ])
  })

  await t.test('a bot’s message is cancelled where the bot may not speak, which is no error', async (t) => {
    const paused = newId()
    await app.call(`/api/conversations/${paused}/bot`, { method: 'PUT', body: { enabled: false } })
    const closed = newId()
    await app.call(`/api/conversations/${closed}/state`, { method: 'PUT', body: { state: 'closed' } })
    for (const [id, reason] of [
      [paused, 'bot_paused'],
      [closed, 'conversation_closed'],
      [newId('4'), 'bot_off'],
      [newId('5'), 'not_a_tester'],
    ] as const) {
      for (const author of ['AI', 'marketing', undefined]) {
        const answer = await post(id, { text: `x ${author}`, ...(author === undefined ? {} : { author }) })
        t.equal(answer.status, 200, reason)
        const message = (await history(id)).at(-1)
        t.same(answer.json, { status: 'cancelled', reason, conversation_id: id, message: { id: message.id } })
        t.match(message, { status: 'cancelled', reason, content: `x ${author}`, sent_from_app: true })
      }
      t.strictSame(sent(id), [])
      t.equal((await post(id, { text: 'a person', author: 'support' })).status, 202)
      await untilSent(id)
      t.match(sent(id), [{ body: { message: { text: 'a person' } } }])
    }
    t.equal((await post('5-77', { text: 'to a tester' })).status, 202)
  })

  await t.test('a repeated key is the same message', async (t) => {
    const id = newId()
    const first = await post(id, { text: 'once' }, keyed('k-1'))
    for (let i = 0; i < 3; i++) {
      const again = await post(id, { text: 'once' }, keyed('k-1'))
      t.equal(again.status, 202)
      t.same(again.json, first.json)
    }
    await untilSent(id)
    await until(async () => (await history(id))[0].status === 'sent')
    t.same((await post(id, { text: 'once' }, keyed('k-1'))).json, first.json, 'also when it has left')
    t.equal((await history(id)).length, 1)
    t.equal(sent(id).length, 1)
    t.not((await post(id, { text: 'once' }, keyed('k-2'))).json.message.id, first.json.message.id)
    t.not((await post(id, { text: 'once' })).json.message.id, first.json.message.id, 'without a key it is another one')
  })

  await t.test('two concurrent calls with one key are one message', async (t) => {
    const id = newId()
    const answers = await Promise.all([1, 2, 3].map(() => post(id, { text: 'at once' }, keyed('k'))))
    t.equal(new Set(answers.map(({ json }) => json.message.id)).size, 1)
    t.equal((await history(id)).length, 1)
  })

  await t.test('a key is good for one message only', async (t) => {
    const id = newId()
    await post(id, { text: 'one' }, keyed('k'))
    for (const body of [
      { text: 'two' },
      { text: 'one', author: 'support' },
      { text: 'one', tag: 'HUMAN_AGENT' },
      { text: 'one', quick_replies: ['Yes'] },
      { attachment: PICTURE },
    ]) {
      t.match(await post(id, body, keyed('k')), { status: 409, json: { code: 'idempotency_conflict' } })
    }
    t.match(
      await post(id, { text: 'one', author: 'AI', tag: null }, keyed('k')),
      { status: 202 },
      'defaults are no change',
    )
    t.equal((await history(id)).length, 1)
    t.equal((await botOf(id)).enabled, true)
  })

  await t.test('each conversation and each token has keys of its own', async (t) => {
    const [a, b] = [newId(), newId()]
    await post(a, { text: 'one' }, keyed('k'))
    t.equal((await post(b, { text: 'two' }, keyed('k'))).status, 202)
    t.equal((await post(a, { text: 'two' }, keyed('k', { token: OTHER_API_TOKEN }))).status, 202)
    t.equal((await post(a, { text: 'three' }, keyed('k', { token: DIFY_TOKEN }))).status, 202)
    t.equal((await history(a)).length, 3)
  })

  await t.test('the key is looked at first: what happened since does not change the answer', async (t) => {
    const id = newId()
    const first = await post(id, { text: 'one' }, keyed('k'))
    await app.call(`/api/conversations/${id}/bot`, { method: 'PUT', body: { enabled: false } })
    t.match(await post(id, { text: 'one' }, keyed('k')), { status: 202, json: first.json })
    const cancelled = await post(id, { text: 'two' }, keyed('k-2'))
    t.match(cancelled, { status: 200, json: { status: 'cancelled', reason: 'bot_paused' } })
    await app.call(`/api/conversations/${id}/bot`, { method: 'PUT', body: { enabled: true } })
    t.match(await post(id, { text: 'two' }, keyed('k-2')), { status: 200, json: cancelled.json })
    t.equal((await history(id)).length, 2)
    t.match(await post(id, { text: 'other' }, keyed('k-2')), { status: 409 })
  })

  await t.test('a key that cannot be meant is refused', async (t) => {
    for (const key of ['{{run_id}}', 'x'.repeat(256), 'two words']) {
      const answer = await post(newId(), { text: 'x' }, keyed(key))
      t.match(answer, { status: 400, json: { code: 'invalid_request' } }, key)
    }
  })

  await t.test('a Dify token may send as the bot, on its channel', async (t) => {
    const own = 'dify-token-of-1-0123'
    for (const [page, author, token, status] of [
      ['1', 'AI', DIFY_TOKEN, 202],
      ['1', 'marketing', DIFY_TOKEN, 202],
      ['1', 'support', DIFY_TOKEN, 403],
      ['2', 'AI', DIFY_TOKEN, 202],
      ['1', 'AI', own, 202],
      ['1', 'support', own, 403],
      ['2', 'AI', own, 403],
    ] as const) {
      const id = newId(page)
      const answer = await post(id, { text: 'x', author }, { token })
      t.equal(answer.status, status, `${author} on ${page} with ${token}`)
      if (status === 403) {
        t.match(answer.json, { status: 'error', code: 'forbidden' })
        t.equal((await app.call(`/api/conversations/${id}`)).status, 404, 'and nothing is recorded')
      }
    }
  })

  await t.test('sending needs a token', async (t) => {
    for (const token of [null, 'wrong-token']) {
      t.match(await post(newId(), { text: 'x' }, { token }), { status: 401, json: { code: 'unauthorized' } })
    }
  })

  await t.test('a channel without a token of Meta cannot send', async (t) => {
    const id = newId('3')
    t.match(await post(id, { text: 'x' }), { status: 400, json: { code: 'invalid_request', message: /token/ } })
    t.equal((await app.call(`/api/conversations/${id}`)).status, 404)
  })

  await t.test('an invalid message is refused with a reason, and nothing is recorded', async (t) => {
    const id = newId()
    for (const body of [
      {},
      { text: '' },
      { text: ' \n' },
      { text: null, attachment: null },
      { text: 'both', attachment: PICTURE },
      { text: 5 },
      { text: ['x'] },
      { attachment: PICTURE.url },
      { attachment: { type: 'image' } },
      { attachment: { type: 'sticker', url: PICTURE.url } },
      { attachment: { type: 'image', url: 'data:image/png;base64,x' } },
      { attachment: { type: 'image', url: `https://x/${'y'.repeat(4_096)}` } },
      { text: 'x', author: 'customer' },
      { text: 'x', author: 5 },
      { text: 'x', tag: 'no tag' },
      { text: 'x', quick_replies: 'Yes' },
      { text: 'x', quick_replies: [''] },
      { text: 'x', quick_replies: new Array(14).fill('Yes') },
      { attachment: PICTURE, quick_replies: ['Yes'] },
    ]) {
      const answer = await post(id, body)
      t.match(
        answer,
        { status: 400, json: { status: 'error', code: 'invalid_request' } },
        JSON.stringify(body).slice(0, 80),
      )
    }
    t.match(await post('1', { text: 'x' }), { status: 400, json: { code: 'invalid_conversation_id' } })
    t.match(await post('{{id}}', { text: 'x' }), { status: 400, json: { code: 'invalid_conversation_id' } })
    t.match(await post('999-2', { text: 'x' }), { status: 404, json: { code: 'unknown_channel' } })
    t.match(await app.call('/api/messages', { method: 'POST', body: { text: 'x' } }), { status: 400 })
    t.match(await app.call('/api/messages', { method: 'POST', body: '{' }), { status: 400 })
    t.match(await app.call('/api/messages', { method: 'PUT' }), { status: 405, headers: { allow: /POST/ } })
    t.equal((await app.call(`/api/conversations/${id}`)).status, 404)
  })
})

t.test('a queue that is full takes no more for now', async (t) => {
  const meta = await startMeta(t, () => refuses(4))
  const app = await startApp(t, {}, [{ id: '1', platform: 'instagram', token: 'token-1', graphUrl: meta.graphUrl }])
  const post = (text: string) =>
    app.call('/api/messages', { method: 'POST', body: { conversation_id: '1-2', text, author: 'support' } })
  let answer = await post('first')
  for (let i = 0; i < 600 && answer.status === 202; i++) answer = await post(`${i}`)
  t.match(answer, { status: 429, json: { code: 'rate_limited' }, headers: { 'retry-after': 10 } })
  // What its channels have to send would keep it from stopping.
  app.reload(appConfigOf({}, [{ id: '7', platform: 'instagram' }]))
})

t.test('a message says which program had it sent', async (t) => {
  const { app, post } = await open(t)
  t.equal((await post('1-88', { text: 'from a workflow', source: 'Workflow' })).status, 202)
  const [message] = (await app.call('/api/conversations/1-88/messages')).json.messages
  t.match(message, { source: 'Workflow', content: 'from a workflow' })
})
