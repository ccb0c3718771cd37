import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { createLimits } from '../../../src/http/edge/limits.js'
import { startApp } from '../../fixtures/app.js'
import { API_TOKEN, DIFY_TOKEN, VERIFY_TOKEN } from '../../fixtures/settings.js'
import { delivery, fromCustomer, newMid, PAGE, signatureOf } from '../../fixtures/webhooks.js'

t.test('a token has so many requests a minute, and each has its own', async (t) => {
  const app = await startApp(t, { API_RATE_LIMIT: '3' })
  for (let i = 0; i < 3; i++) t.equal((await app.call('/api/channels')).status, 200)
  const refused = await app.call('/api/channels')
  t.match(refused, { status: 429, json: { status: 'error', code: 'rate_limited', message: /API_RATE_LIMIT/ } })
  t.match(refused.headers['retry-after'], /^([1-9]|[1-5]\d|60)$/)
  t.equal((await app.call('/api/nothing')).status, 429, 'what is refused counts too')
  const mark = `/api/mark-bot-response?conversation_id=${PAGE}-2`
  t.equal((await app.call(mark, { method: 'POST', token: DIFY_TOKEN })).status, 200)
})

t.test('anonymous callers are limited by address', async (t) => {
  const app = await startApp(t, { API_AUTH: 'none', API_RATE_LIMIT: '2' })
  const mark = (address: string, user: number) =>
    app.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}`, { method: 'POST', token: null, address })
  t.equal((await mark('10.0.0.1', 1)).status, 200)
  t.equal((await mark('10.0.0.1', 2)).status, 200)
  t.equal((await mark('10.0.0.1', 3)).status, 429)
  t.equal((await mark('10.0.0.2', 4)).status, 200)
})

t.test('all callers without a token together have a budget of requests and of bytes', async (t) => {
  const app = await startApp(t, { API_AUTH: 'none', ANONYMOUS_RATE_LIMIT: '4' })
  const mark = (user: number, token: string | null = null) =>
    app.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}`, {
      method: 'POST',
      token,
      address: `10.0.0.${user}`,
    })
  const report = (text: string, headers = {}) =>
    app.call('/api/sent-messages', {
      method: 'POST',
      token: null,
      headers,
      body: { conversation_id: `${PAGE}-9`, text, author: 'AI' },
    })
  t.equal((await report('x'.repeat(20_000))).status, 200)
  // Four requests a minute are 60,000 bytes an hour.
  t.equal((await report('ش'.repeat(20_000))).status, 429)
  t.equal((await mark(1)).status, 200)
  t.equal((await mark(2)).status, 200)
  t.match(await mark(3), { status: 429, json: { code: 'rate_limited', message: /ANONYMOUS_RATE_LIMIT/ } })
  t.equal((await mark(4, DIFY_TOKEN)).status, 200, 'a token is not among them')
  const chunked = await startApp(t, { API_AUTH: 'none', ANONYMOUS_RATE_LIMIT: '10' })
  const answer = await chunked.call('/api/sent-messages', {
    method: 'POST',
    token: null,
    headers: { 'transfer-encoding': 'chunked' },
    body: '{}',
  })
  t.equal(answer.status, 429, 'a body without a length counts as the longest')
})

t.test('wrong tokens and signatures of an address share a limit, valid ones are never counted', async (t) => {
  const app = await startApp(t)
  const address = '10.0.0.1'
  const forged = () =>
    app.call('/webhook', {
      method: 'POST',
      token: null,
      body: '{}',
      headers: { 'x-hub-signature-256': signatureOf('{}', 'other') },
      address,
    })
  const unknown = () => app.call('/api/channels', { token: 'wrong', address })
  const handshake = (token: string) =>
    app.call(`/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${token}`, { token: null, address })

  for (let i = 0; i < 200; i++) {
    const statuses = [(await forged()).status, (await unknown()).status, (await handshake('wrong')).status]
    if (statuses.join() !== '401,401,403') t.same([i, statuses], [i, [401, 401, 403]])
  }
  for (const attempt of [forged, unknown, () => handshake('wrong')]) {
    t.match(await attempt(), { status: 429, json: { code: 'rate_limited' }, headers: { 'retry-after': /^\d+$/ } })
  }
  t.equal((await app.call('/api/channels', { token: API_TOKEN, address })).status, 200)
  t.equal((await handshake(VERIFY_TOKEN)).status, 200)
  const body = JSON.stringify(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })]))
  const good = { method: 'POST', token: null, body, address } as const
  t.equal((await app.call('/webhook', { ...good, headers: { 'x-hub-signature-256': signatureOf(body) } })).status, 200)
  t.equal((await app.call('/api/channels', { token: 'wrong', address: '10.0.0.2' })).status, 401, 'of that address')
})

t.test('replicas share counters, whose names do not reveal a conversation', async (t) => {
  const names: string[] = []
  const limits = createLimits(
    { ratePerMinute: 30_000, anonymousPerMinute: 1 },
    {
      async add(name) {
        names.push(name)
        return { sum: 1, leftMs: 60_000 }
      },
    },
  )
  const raw = { on() {}, resume() {}, headers: {} }
  await limits.failure({ ip: '10.0.0.1', raw } as unknown as FastifyRequest)
  await limits.token('token abc')
  for (let i = 0; i < 10; i++) await limits.mark('1-23456')
  t.same(names.slice(0, 2), ['failure:10.0.0.1', 'token:token abc'])
  t.match(names[2], /^mark:[\w-]{43}$/)
  t.equal(names.length, 3, 'nine marks of a conversation need no counter')
})
