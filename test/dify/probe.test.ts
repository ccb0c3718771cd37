import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { Assistant } from '../../src/conversation/channel.js'
import { createAppProber, probeOutcome } from '../../src/dify/probe.js'
import { startPretendDify } from '../../src/simulator/dify.js'

const assistant = (url: string, changes: Partial<Assistant> = {}): Assistant => ({
  url,
  key: 'k',
  app: 'chat',
  replies: 'router',
  inputs: {},
  ...changes,
})

async function probe(t: Test, asked: Assistant, timeoutMs?: number) {
  const prober = createAppProber(timeoutMs === undefined ? {} : { timeoutMs })
  t.teardown(() => prober.close())
  return prober.probe(asked)
}

async function serve(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

t.test('a key is good, good for the other kind of app, or refused', async (t) => {
  const dify = await startPretendDify({ apps: { k: {}, flow: { kind: 'workflow' }, agent: { kind: 'agent' } } })
  t.teardown(() => dify.close())
  t.same(await probe(t, assistant(dify.url)), { is: 'works' })
  t.same(await probe(t, assistant(dify.url, { key: 'agent' })), { is: 'works' })
  t.same(await probe(t, assistant(dify.url, { key: 'flow', app: 'workflow' })), { is: 'works' })
  t.same(await probe(t, assistant(dify.url, { key: 'flow' })), { is: 'other_app', mode: 'workflow' })
  t.same(await probe(t, assistant(dify.url, { app: 'workflow' })), { is: 'other_app', mode: 'chat' })
  t.same(await probe(t, assistant(dify.url, { key: 'none' })), { is: 'refused', code: 'unauthorized' })
  t.equal(dify.calls.length, 0, 'nothing is asked')
})

t.test('a version that does not tell who it is still knows its parameters', async (t) => {
  const url = await serve(t, ({ url }, response) => {
    response.writeHead(url === '/v1/parameters' ? 200 : 404).end('{"opening_statement": ""}')
  })
  t.same(await probe(t, assistant(url)), { is: 'works' })
})

t.test('whatever else answers, or nobody, is not known', async (t) => {
  t.match(await probe(t, assistant('http://127.0.0.1:9/v1')), { is: 'unknown' })
  const page = await serve(t, (_, response) => response.end('<h1>hello'))
  t.same(await probe(t, assistant(page)), { is: 'unknown', code: 'http_200' })
  const hangs = await serve(t, () => {})
  t.same(await probe(t, assistant(hangs), 50), { is: 'unknown', code: 'timeout' })
  const huge = await serve(t, (_, response) => response.end(Buffer.alloc(1024 * 1024 + 1, 'x')))
  t.same(await probe(t, assistant(huge)), { is: 'unknown', code: 'too_large' })
  const cut = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('{', () => response.destroy())
  })
  t.match(await probe(t, assistant(cut)), { is: 'unknown', code: /UND_ERR|ECONN/ })
})

t.test('its code is Dify’s own where it gives one', async (t) => {
  const asked = assistant('http://x/v1')
  t.same(probeOutcome(asked, 403, {}), { is: 'refused', code: 'http_403' })
  t.same(probeOutcome(asked, 400, { code: 'app_unavailable' }), { is: 'unknown', code: 'app_unavailable' })
})
