import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createProber, probeOutcome } from '../../src/meta/probe.js'

async function metaThat(t: Test, answers: (response: ServerResponse, request: IncomingMessage) => void) {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    answers(response, request)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v26.0`, seen, server }
}

function proberFor(t: Test, parts: Parameters<typeof createProber>[0] = {}) {
  const prober = createProber(parts)
  t.teardown(() => prober.close())
  return prober
}

t.test('a probe asks whose token it is, with the token in no URL', async (t) => {
  const meta = await metaThat(t, (response) => response.end('{"id":"17841400000000001"}'))
  const prober = proberFor(t)
  t.same(await prober.probe(meta.url, 'the-token'), { is: 'works' })
  t.same(await prober.probe(`${meta.url}/`, 'the-token'), { is: 'works' })
  for (const { method, url, headers } of meta.seen) {
    t.match({ method, url, headers }, { method: 'GET', url: '/v26.0/me?fields=id' })
    t.equal(headers.authorization, 'Bearer the-token')
  }
})

const error = (code: unknown, subcode?: number) => JSON.stringify({ error: { code, error_subcode: subcode } })

t.test('the answer to a probe decides its outcome', async (t) => {
  for (const [status, body, outcome] of [
    [200, '{"id":"1"}', { is: 'works' }],
    [200, '{}', { is: 'works' }],
    [401, error(190), { is: 'refused', code: '190' }],
    [400, error(190, 463), { is: 'refused', code: '190/463' }],
    [200, error(190), { is: 'refused', code: '190' }],
    [403, error(200), { is: 'refused', code: '200' }],
    [403, error('10'), { is: 'refused', code: '10' }],
    [400, error(4), { is: 'unknown', code: '4' }],
    [400, error(100, 33), { is: 'unknown', code: '100/33' }],
    [500, error(1), { is: 'unknown', code: '1' }],
    [401, error('a text'), { is: 'unknown', code: 'http_401' }],
    [401, '{"error":"text"}', { is: 'unknown', code: 'http_401' }],
    [503, '<html>', { is: 'unknown', code: 'http_503' }],
    [200, '<html>a login page of somebody’s network</html>', { is: 'unknown', code: 'http_200' }],
    [302, '', { is: 'unknown', code: 'http_302' }],
    [404, '{}', { is: 'unknown', code: 'http_404' }],
  ] as const) {
    t.strictSame(probeOutcome(status, body), outcome, `${status} ${body}`)
  }
})

t.test('a probe without a complete answer in time is unknown', async (t) => {
  const away = await metaThat(t, () => {})
  away.server.close()
  await once(away.server, 'close')
  t.same(await proberFor(t).probe(away.url, 'x'), { is: 'unknown', code: 'ECONNREFUSED' })

  const silent = await metaThat(t, () => {})
  t.same(await proberFor(t, { timeoutMs: 50 }).probe(silent.url, 'x'), { is: 'unknown', code: 'TimeoutError' })

  const endless = await metaThat(t, (response) => response.end('x'.repeat(100_000)))
  t.same(await proberFor(t).probe(endless.url, 'x'), { is: 'unknown', code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' })

  const broken = await metaThat(t, (response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('{')
    setTimeout(() => response.destroy(), 20)
  })
  t.match(await proberFor(t).probe(broken.url, 'x'), { is: 'unknown' })
})

t.test('a probe under way is aborted by closing', async (t) => {
  const prober = createProber()
  const meta = await metaThat(t, () => void prober.close())
  t.match(await prober.probe(meta.url, 'x'), { is: 'unknown' })
})
