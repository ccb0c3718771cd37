import type { IncomingMessage, ServerResponse } from 'node:http'
import t from 'tap'
import { createDirectRoutes } from '../../src/http/direct-route.js'
import { startApp } from '../fixtures/app.js'
import { delivery, fromCustomer, signatureOf } from '../fixtures/webhooks.js'

/** A query makes the framework take a delivery that is otherwise answered in front of it. */
const WAYS = ['/webhook', '/webhook?x=1'] as const

t.test('a delivery is answered alike in front of the framework and by it', async (t) => {
  const app = await startApp(t, { CHANNEL_PLATFORM: 'instagram' })
  const origin = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(origin + path, {
      method: 'POST',
      body,
      headers: { 'x-hub-signature-256': signatureOf(body), ...headers },
    })
    const { date: _date, 'x-request-id': id, ...rest } = Object.fromEntries(answer.headers)
    const json = (await answer.json()) as { readonly duplicate?: boolean }
    return { status: answer.status, headers: rest, hasId: id !== undefined, json }
  }
  const body = JSON.stringify(delivery([fromCustomer('2', { mid: 'm', text: 'سلام' })]))
  t.equal((await post('/webhook', body)).json.duplicate, false)

  for (const [what, status, given, headers] of [
    ['a redelivery', 200, body, {}],
    ['an item of an unknown channel', 200, body.replace('"entry":[{"id":"', '"entry":[{"id":"9'), {}],
    ['a wrong signature', 401, body, { 'x-hub-signature-256': signatureOf('other') }],
    ['no signature', 401, body, { 'x-hub-signature-256': '' }],
    ['no delivery', 400, '{}', {}],
    ['too large', 413, 'x'.repeat(1024 * 1024 + 1), {}],
  ] as const) {
    const [direct, framework] = [await post(WAYS[0], given, headers), await post(WAYS[1], given, headers)]
    t.equal(direct.status, status, what)
    t.same(direct, framework, what)
  }
  const { text } = await app.call('/metrics')
  const counts = text.matchAll(
    /duration_seconds_count\{method="POST",route="\/webhook",status_code="(\d+)"\} ([1-9].*)/g,
  )
  t.same(Object.fromEntries([...counts].map(([, status, count]) => [status, Number(count)])), {
    200: 5,
    400: 2,
    401: 4,
    413: 2,
  })
  t.equal(app.log.filter(({ msg }) => msg.startsWith('request refused')).length > 0, true)
})

t.test('what is not the route’s, and everything during a stop, goes to the framework', async (t) => {
  const timed: unknown[] = []
  let ids = 0
  const direct = createDirectRoutes(() => `id ${++ids}`, {
    timerOf: (method, url) => (status) => void timed.push([method, url, status]),
  })
  const served: string[] = []
  let isOpen = true
  const listener = direct.listener(
    ({ method, url }) => void served.push(`framework ${method} ${url}`),
    () => isOpen,
  )
  const ask = (method: string, url: string) => {
    const request = { method, url } as IncomingMessage
    listener(request, {} as ServerResponse & { req: IncomingMessage })
    return request
  }
  ask('POST', '/webhook')
  let failure: Error | null = null
  direct.serve({
    method: 'POST',
    url: '/webhook',
    answer({ url }, _response, id, done) {
      served.push(`direct ${url} ${id}`)
      done(failure)
    },
  })
  t.equal(direct.refusalOf(ask('POST', '/webhook')), null)
  ask('GET', '/webhook')
  ask('POST', '/webhook?x')
  failure = new Error('refused')
  const refused = ask('POST', '/webhook')
  t.equal(direct.refusalOf(refused), failure)
  t.equal(direct.idOf(refused), 'id 2', 'what the route logged of it, and its error, have one id')
  t.equal(direct.idOf(ask('GET', '/health')), 'id 3')
  isOpen = false
  ask('POST', '/webhook')
  t.same(served, [
    'framework POST /webhook',
    'direct /webhook id 1',
    'framework GET /webhook',
    'framework POST /webhook?x',
    'direct /webhook id 2',
    'framework POST /webhook',
    'framework GET /health',
    'framework POST /webhook',
  ])
  t.same(timed, [['POST', '/webhook', 200]])
})
