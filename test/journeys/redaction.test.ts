import t from 'tap'
import { startPretendDify } from '../../src/simulator/dify.js'
import { startPretendGraph } from '../../src/simulator/graph.js'
import { startRouter } from '../fixtures/process.js'
import { until } from '../fixtures/shop.js'
import {
  SECRET as APP_SECRET,
  delivery,
  echoTo,
  fromCustomer,
  newMid,
  PAGE,
  signatureOf,
} from '../fixtures/webhooks.js'

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

t.test(
  'no secret or text is in the log, the metrics or an error while questions are asked and answers sent or fail',
  async (t) => {
    const graph = await startPretendGraph({ pages: { [PAGE]: {} } })
    const dify = await startPretendDify({ apps: { [`${SECRET}-key`]: { kind: 'chat', answer: `${SECRET} {query}` } } })
    t.teardown(() => Promise.all([graph.close(), dify.close()]))
    graph.profile({ user: '*', profile: { name: `${SECRET} name`, username: SECRET, profile_pic: URL_HERE } })
    const router = await startRouter(t, {
      LOG_LEVEL: 'info',
      API_TOKENS: API,
      CHANNEL_TOKEN: `${SECRET}-page-token`,
      CHANNEL_GRAPH_URL: `${graph.url}/v26.0`,
      DIFY_URL: dify.url,
      DIFY_KEY: `${SECRET}-key`,
      DIFY_ATTEMPTS: '1',
      FALLBACK_TEXT: `${SECRET} sorry`,
      HANDOFF_WORDS: `${SECRET}-agent`,
      HANDOFF_TEXT: `${SECRET} somebody comes`,
      DEBOUNCE: '50ms',
      DEBOUNCE_MAX: '100ms',
      COOLDOWN: '0',
    })
    graph.webhook({ url: `http://127.0.0.1:${router.port}/webhook`, secret: APP_SECRET })
    const write = (text: string, user: string) => graph.write({ page: PAGE, user, text, echo: false })
    const sends = (user: string) => graph.sends.filter(({ recipient }) => recipient === user)
    const call: typeof router.call = (path, options = {}) => router.call(path, { token: API, ...options })

    await write(`${SECRET} question`, '2')
    await until(() => sends('2').length === 1)
    await write(`${SECRET}-agent`, '3')
    await until(() => sends('3').length === 1)
    graph.script({ page: PAGE, faults: [{ error: { code: 551, message: `${SECRET} is not available` } }] })
    await write(`${SECRET} undeliverable`, '4')
    await until(async () => (await call('/api/dead-letters')).json.dead_letters.length === 1)
    const key = `${SECRET}-key`
    const refusal = { status: 400, code: 'invalid_param', message: `${SECRET} went wrong` }
    dify.script({
      key,
      faults: [{ errorEvent: refusal }, { status: 500, body: { code: 'internal', message: SECRET } }],
    })
    await write(`${SECRET} unanswerable`, '5')
    await until(() => sends('5').length === 1)
    await write(`${SECRET} unanswerable too`, '6')
    await until(() => sends('6').length === 1)
    const message = { conversation_id: `${PAGE}-2`, text: `${SECRET} by hand` }
    t.equal((await call('/api/messages', { method: 'POST', body: message })).status, 202)
    await until(() => sends('2').length === 2)
    t.match((await call(`/api/conversations/${PAGE}-2`)).text, SECRET, 'it is there to be told')

    const { text: metrics } = await call('/metrics')
    t.match(metrics, /^message_router_assistant_runs_total\{outcome="failed"\} \d$/m)
    t.notMatch(metrics, SECRET)
    router.kill('SIGTERM')
    await router.exited
    for (const line of ['assistant answered', 'assistant did not answer', 'message sent', 'message not sent']) {
      t.ok(
        router.log.some(({ msg }) => msg === line),
        line,
      )
    }
    const told = router.output().split('\n')
    t.same(
      told.filter((line) => line.includes(SECRET)),
      [],
    )
  },
)
