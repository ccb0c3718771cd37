import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { idIn, reasonOf, refusal, routerOf } from '../../src/cli/router.js'
import { listeningApp, pretendWorld, ran } from '../fixtures/command.js'
import { DIFY_TOKEN } from '../fixtures/settings.js'

async function serve(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('address and token come from the options, from its own settings, or from those of the router', async (t) => {
  const env = { MESSAGE_ROUTER_URL: 'https://a.b/', MESSAGE_ROUTER_TOKEN: 'mine', API_TOKENS: 'ops:theirs', PORT: '5' }
  const of = (values: object, env: Record<string, string>) => routerOf(values, pretendWorld({ env }).world)
  t.match(of({ url: 'http://c.d', token: 'typed' }, env), { url: 'http://c.d', token: 'typed' })
  t.match(of({}, env), { url: 'https://a.b', token: 'mine' })
  t.match(of({}, { API_TOKENS: 'ops:theirs, other', PORT: '5' }), { url: 'http://127.0.0.1:5', token: 'theirs' })
  t.throws(() => of({}, { MESSAGE_ROUTER_URL: 'nonsense' }), {
    exitCode: 2,
    message: /^MESSAGE_ROUTER_URL must be a URL/,
  })
  t.throws(() => of({ token: 'a b' }, {}), { exitCode: 4, message: /^The token has a character/ })
})

t.test('a token that may do less is told so', async (t) => {
  const { url } = await listeningApp(t)
  t.match(await ran(['list', '--url', url, '--token', DIFY_TOKEN]), {
    code: 4,
    err: /needs an API token.*\(forbidden\)/,
  })
})

t.test('what is no router is told apart from one', async (t) => {
  const page = await serve(t, (_, response) => response.setHeader('content-type', 'text/html').end('<h1>hello'))
  t.match(await ran(['list', '--url', page, '--token', 'x']), {
    code: 3,
    err: `What answers at ${page} is no message router (200 text/html).\n`,
  })
  const none = await serve(t, (_, response) => response.writeHead(500).end('{"error": "other"}'))
  t.match(await ran(['list', '--url', none, '--token', 'x']), {
    code: 3,
    err: /is no message router \(500 without a type\)/,
  })
  const elsewhere = await serve(t, (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end())
  t.match(await ran(['list', '--url', elsewhere, '--token', 'x']), { code: 3, err: /^No router answers/ })
  const cut = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{', () => response.destroy())
  })
  t.match(await ran(['list', '--url', cut, '--token', 'x']), { code: 3, err: /^No router answers/ })
})

t.test('a failure is named by its code where it has one', async (t) => {
  t.equal(reasonOf(Object.assign(new Error('x'), { name: 'TimeoutError' })), 'no answer within 30 s')
  t.equal(reasonOf(new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNREFUSED' }) })), 'ECONNREFUSED')
  t.equal(reasonOf(new Error('x')), 'x')
})

t.test('an id is one of a conversation', async (t) => {
  t.equal(idIn('1-2'), '1-2')
  t.throws(() => idIn('12'), { exitCode: 2, message: /^ID is a conversation's, \{page\}-\{user\}/ })
})

t.test('only an answer with a code and a message is a router’s refusal', async (t) => {
  for (const body of ['', 'no JSON', '[]', '{"code":7}', '{"code":"not_found"}', '{"message":"no"}']) {
    t.equal(refusal('http://127.0.0.1:3000', { status: 404, body }), null, body)
  }
  const said = refusal('http://127.0.0.1:3000', { status: 404, body: '{"code":"not_found","message":"No such page."}' })
  t.match(said?.message, /No such page/)
})
