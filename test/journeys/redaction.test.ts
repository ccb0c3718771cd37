import t from 'tap'
import { startRouter } from '../fixtures/process.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE, signatureOf } from '../fixtures/webhooks.js'

/** Whatever must not be in the log has this in it. */
const SECRET = 'planted0'
const API = `${SECRET}-api-token`
const URL_HERE = `https://cdn.example/${SECRET}.jpg?sig=${SECRET}`

t.test('no text, caption, token, profile or query string is in the log', async (t) => {
  const router = await startRouter(t, {
    META_APP_SECRETS: `${SECRET}-app-secret`,
    META_VERIFY_TOKEN: `${SECRET}-verify-token`,
    API_TOKENS: API,
    DIFY_TOKENS: `${SECRET}-dify-token`,
    CHANNEL_ID: undefined,
    CHANNELS_FILE: `${t.testdir({
      'channels.json': JSON.stringify({
        channels: [
          {
            id: PAGE,
            platform: 'instagram',
            name: `${SECRET}-shop`,
            difyTokens: [`${SECRET}-own-token`],
            owner: { id: 'o', email: `${SECRET}@shop.example` },
            dify: { url: `http://127.0.0.1:9/${SECRET}`, key: `${SECRET}-dify-key`, replies: 'dify' },
          },
        ],
      }),
    })}/channels.json`,
    DEBOUNCE: '1h',
    DEBOUNCE_MAX: '1h',
  })
  const sign = (body: string) => ({ 'x-hub-signature-256': signatureOf(body, `${SECRET}-app-secret`) })
  const deliver = (payload: unknown) => router.deliver(payload, sign(JSON.stringify(payload)))
  const statuses: number[] = []
  const call: typeof router.call = async (path, options = {}) => {
    const answer = await router.call(path, { token: API, ...options })
    statuses.push(answer.status)
    return answer
  }
  const attached = (type: string) => ({
    mid: newMid(),
    text: SECRET,
    attachments: [{ type, payload: { url: URL_HERE, title: SECRET, coordinates: { lat: 1, long: 2 } } }],
  })

  for (const type of ['image', 'share', 'ig_reel', 'location', 'fallback']) {
    t.equal((await deliver(delivery([fromCustomer('2', attached(type)), echoTo('3', attached(type))]))).status, 200)
  }
  const more = { quick_reply: { payload: SECRET }, reply_to: { story: { url: URL_HERE } }, metadata: SECRET }
  const repeated = echoTo('2', { mid: newMid(), text: SECRET, ...more })
  const customer = { sender: { id: '2' }, recipient: { id: PAGE }, timestamp: Date.now() }
  const odd = [
    repeated,
    repeated,
    fromCustomer('2', { mid: newMid(), text: SECRET, ...more }),
    { ...customer, postback: { title: SECRET, payload: SECRET } },
    { ...customer, message_edit: { mid: 'm', text: SECRET, num_edit: 1 } },
    { ...customer, reaction: { mid: 'm', emoji: SECRET } },
    { ...customer, referral: { ref: SECRET } },
    { ...customer, order: { note: SECRET } },
    { ...customer, [SECRET]: SECRET },
    fromCustomer(SECRET, { mid: newMid(), text: SECRET }),
    SECRET,
  ]
  t.equal((await deliver(delivery(odd))).status, 200)
  t.equal((await deliver({ object: SECRET })).status, 400)
  t.equal((await router.deliver(`{${SECRET}`, sign(`{${SECRET}`))).status, 400)
  t.equal((await router.deliver(delivery([]), { 'x-hub-signature-256': SECRET })).status, 401)

  const mark = `/api/mark-bot-response?conversation_id=${PAGE}-2`
  await call(`/webhook?hub.mode=subscribe&hub.challenge=${SECRET}&hub.verify_token=${SECRET}-verify-token`)
  await call(`/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${SECRET}`)
  await call(`${mark}&text=${SECRET}&access_token=${SECRET}`, { method: 'POST' })
  await call(`${mark}&count=${SECRET}`, { method: 'POST' })
  await call(mark, { method: 'POST', body: `{"text":"${SECRET}"`, headers: { 'idempotency-key': SECRET } })
  await call(`/api/mark-bot-response?conversation_id=${SECRET}`, { method: 'POST' })
  const report = { conversation_id: `${PAGE}-2`, text: SECRET, attachment: { type: 'image', url: URL_HERE } }
  await call('/api/sent-messages', { method: 'POST', body: report })
  await call('/api/sent-messages', { method: 'POST', body: { ...report, author: SECRET } })
  await call('/api/sent-messages', { method: 'POST', body: `{"a":${SECRET}` })
  const bot = { enabled: false, for: '1h', reason: SECRET }
  await call(`/api/conversations/${PAGE}-2/bot`, { method: 'PUT', body: bot })
  await call(`/api/conversations/${PAGE}-2/bot`, { method: 'PUT', body: { ...bot, for: SECRET } })
  await call(`/api/conversations?cursor=${SECRET}`)
  await call(`/api/conversations/${SECRET}/messages?limit=${SECRET}`)
  await call(`/api/conversations/${PAGE}-2/messages`)
  await call('/api/channels', { token: `${SECRET}-wrong` })
  await call('/api/channels', { token: `${SECRET}-dify-token` })
  await call(`/${SECRET}?${SECRET}`)
  await call(`/api/%zz${SECRET}?${SECRET}`)
  await call(`/health?token=${SECRET}`)
  t.same(statuses, [200, 403, 200, 400, 200, 400, 200, 400, 400, 200, 400, 400, 400, 200, 401, 403, 404, 400, 200])

  router.kill('SIGTERM')
  await router.exited
  t.ok(router.log.length > 20, 'much was logged')
  const told = router
    .output()
    .split('\n')
    .filter((line) => line.includes(SECRET))
  t.same(told, [])
})
