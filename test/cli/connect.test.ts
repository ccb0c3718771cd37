import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { WEBHOOK_FIELDS } from '../../src/meta/webhook-fields.js'
import { type GraphOptions, type PretendGraph, startPretendGraph } from '../../src/simulator/graph.js'
import { answerJson, listen } from '../../src/simulator/listen.js'
import { ran, type } from '../fixtures/command.js'
import { environment, startRouter } from '../fixtures/process.js'
import { inProject } from '../fixtures/project.js'
import { until } from '../fixtures/shop.js'
import { fromCustomer, newMid } from '../fixtures/webhooks.js'

const SECRET = 'hidden-app-secret'
const USER_TOKEN = 'hidden-user-token'
const PAGES = { 1001: { token: 'hidden-page-token', echoAs: '17' }, 1002: {} }
const readFile = (path: string): string => readFileSync(path, 'utf8')

async function started(t: Test, options: GraphOptions = {}) {
  const webhook = { url: 'http://127.0.0.1:1', secret: SECRET }
  const graph = await startPretendGraph({ webhook, pages: PAGES, userToken: USER_TOKEN, ...options })
  t.teardown(graph.close)
  return graph
}

type Changes = Readonly<Record<string, string>>

/** As `npm run connect` calls it. */
async function connect(args: readonly string[], env: Changes = {}, input = USER_TOKEN) {
  const command = [inProject('dist/cli.js'), 'connect', '--app-id', '99', '--user-token', '-', ...args]
  const child = spawn(process.execPath, command, { env: environment({ META_APP_SECRETS: `other, ${SECRET}`, ...env }) })
  const said = { out: '', err: '' }
  child.stdout.on('data', (piece) => {
    said.out += piece
  })
  child.stderr.on('data', (piece) => {
    said.err += piece
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code, ...said }
}

/** In this process. */
function called(graph: PretendGraph | { url: string }, args: readonly string[], env: Changes = {}) {
  const line = ['connect', '--app-id', '99', '--user-token', USER_TOKEN, '--graph-url', graph.url, ...args]
  return ran(line, { env: { META_APP_SECRETS: SECRET, ...env }, readFile })
}

const posts = ({ requests }: PretendGraph) => requests.filter(({ method }) => method === 'POST')

t.test('a page is connected, a second run changes nothing, and a running router takes it up on SIGHUP', async (t) => {
  const graph = await started(t)
  const dir = t.testdir({
    'c.json': `{ "channels": [\n    {"id":"5",   "platform": "instagram", "token": "\${NOT_HERE}"}\n] }\n`,
  })
  const file = `${dir}/c.json`
  const token = `${dir}/FACEBOOK_TOKEN_1001`
  const args = ['--platform', 'facebook', '--page', '1001', '--graph-url', graph.url]
  const router = await startRouter(t, { CHANNELS_FILE: file, NOT_HERE: 'x' })
  const first = await connect(args, { CHANNELS_FILE: file })
  t.match(first, { code: 0, err: '', out: /✓ a probe says that the token works/ })
  t.match(first.out, 'takes the channel up on SIGHUP, without a restart: kill -HUP PID')
  t.notMatch(first.out, 'export')
  t.match(posts(graph), [{ path: '/1001/subscribed_apps' }])
  t.equal(posts(graph)[0]!.query['subscribed_fields'], WEBHOOK_FIELDS.facebook.join(','))
  t.match(graph.requests.at(-1), { is: 'account', query: { fields: 'id' } }, 'the probe')
  t.equal(readFile(token), 'hidden-page-token\n')
  t.equal(statSync(token).mode & 0o777, 0o600)
  const text = readFile(file)
  t.match(
    text,
    `{ "channels": [\n    {"id":"5",   "platform": "instagram", "token": "\${NOT_HERE}"},\n    {\n      "id": "1001"`,
  )
  t.same(JSON.parse(text).channels[1], {
    id: '1001',
    platform: 'facebook',
    name: 'Page 1001',
    token: `\${FACEBOOK_TOKEN_1001}`,
    graphUrl: graph.url,
  })

  const times = () => [file, token].map((path) => statSync(path, { bigint: true }).mtimeNs)
  const before = times()
  const second = await connect(args, { CHANNELS_FILE: file })
  t.match(second, { code: 0, err: '', out: /are left as they are/ })
  t.same(times(), before)
  t.equal(readFile(file), text)
  t.equal(posts(graph).length, 1)
  t.notMatch(first.out + second.out, 'hidden')

  const env = {
    CHANNELS_FILE: file,
    NOT_HERE: 'x',
    META_VERIFY_TOKEN: 'a-word-of-ours',
    API_TOKENS: 'token-0123456789',
  }
  const checked = await ran(['check', '--offline'], { env: { META_APP_SECRETS: SECRET, ...env }, readFile })
  t.match(checked, { code: 0, out: /Channel 1001\n.*token +••••\n/s })
  router.child.kill('SIGHUP')
  const channel = async () =>
    (await router.call('/api/channels')).json.channels.find(({ id }: { id: string }) => id === '1001')
  t.match(await until(channel, (of) => of?.connected === true), { platform: 'facebook', name: 'Page 1001' })
  const said = {
    object: 'page',
    entry: [{ id: '1001', messaging: [fromCustomer('7', { mid: newMid(), text: 'hi' }, { page: '1001' })] }],
  }
  t.match((await router.deliver(said)).json, { results: [{ outcome: 'accepted' }] })
  const body = { conversation_id: '1001-7', text: 'Hello.', author: 'support' }
  t.match(await router.call('/api/messages', { method: 'POST', body }), { status: 202 })
  await until(
    () => graph.sends,
    ({ length }) => length === 1,
  )
  t.match(graph.sends, [{ id: '1001', text: 'Hello.', headers: { authorization: 'Bearer hidden-page-token' } }])
  t.notMatch(router.output(), 'hidden')
})

t.test('of several pages one is chosen, and the Instagram account behind one too', async (t) => {
  const graph = await started(t)
  const args = ['--platform', 'facebook', '--channels', `${t.testdir()}/c.json`]
  const undecided = await called(graph, args)
  t.match(undecided, {
    code: 2,
    err: /^Which one\? --page ID chooses it\./,
    out: /17 {2}account_17, an Instagram account behind/,
  })
  t.same(posts(graph), [])
  t.match(await called(graph, [...args, '--page', '17']), { code: 0, out: /^17 \(account_17, an Instagram/m })
  t.match(posts(graph), [{ path: '/1001/subscribed_apps' }])
  t.match(await called(graph, [...args, '--page', '1002']), { code: 0 })
  t.match(JSON.parse(readFile(args[3]!)).channels, [
    { id: '17', platform: 'instagram', token: `\${INSTAGRAM_TOKEN_17}`, sendAs: '1001' },
    { id: '1002', platform: 'facebook', token: `\${FACEBOOK_TOKEN_1002}` },
  ])
})

t.test('at a terminal it asks, and shows no token', async (t) => {
  const graph = await started(t)
  const path = `${t.testdir()}/c.json`
  const around = { env: { META_APP_SECRETS: SECRET }, readFile, isTerminal: true }
  const typed = type(['connect', '--graph-url', graph.url, '--channels', path], around)
  for (const [question, answer] of [
    ['Platform', 'facebook'],
    ['App id', '99'],
    ['User token', USER_TOKEN],
    ['Which one', '3'],
  ] as const) {
    await until(() => typed.err().includes(question))
    typed.input.write(`${answer}\r`)
  }
  t.equal(await typed.code, 0)
  t.notMatch(typed.out() + typed.err(), 'hidden')
  t.match(JSON.parse(readFile(path)), { channels: [{ id: '1002' }] })
})

t.test('an Instagram login is connected, also with a token that lasts already', async (t) => {
  const graph = await started(t, { pages: { 17: { token: 'hidden-page-token' } } })
  const args = ['--platform', 'instagram', '--channels', `${t.testdir()}/c.json`]
  const short = await called(graph, args)
  t.match(short, { code: 0, out: /^17 \(account_17, an Instagram account\):$/m })
  t.equal(posts(graph)[0]!.query['subscribed_fields'], WEBHOOK_FIELDS.instagram.join(','))
  const lasting = await called(graph, ['--platform', 'instagram', '--channels', args[3]!]).then(() =>
    ran(['connect', '--user-token', 'hidden-page-token', '--graph-url', graph.url, ...args], {
      env: { META_APP_SECRETS: SECRET },
      readFile,
    }),
  )
  t.match(lasting, { code: 0, out: /does not exchange its token.*are left as they are/s })
  t.notMatch(short.out + lasting.out, 'hidden')
})

t.test('a token that stands is kept while it works, and replaced when it does not', async (t) => {
  const graph = await started(t, { pages: { 1002: {} } })
  const dir = t.testdir({ 'c.json': '', FACEBOOK_TOKEN_1002: 'my-own\n' })
  const row = { id: '1002', platform: 'facebook', graphUrl: graph.url, token: `\${FACEBOOK_TOKEN_1002}` }
  writeFileSync(`${dir}/c.json`, JSON.stringify({ channels: [row] }))
  const args = ['--platform', 'facebook', '--channels', `${dir}/c.json`]
  const token = () => readFile(`${dir}/FACEBOOK_TOKEN_1002`)
  t.match(await called(graph, args), { code: 0, out: /are left as they are/ })
  t.equal(token(), 'my-own\n')
  t.match(await called(graph, [...args, '--renew']), { code: 0, out: /has this token in/ })
  t.equal(token(), 'token-of-1002\n')
  graph.page({ page: '1002', token: 'changed' })
  t.match(await called(graph, args), { code: 0, out: /has this token in/ })
  t.equal(token(), 'changed\n')
  // A token of another page works, but not for this one.
  graph.page({ page: '1003', token: 'another' })
  writeFileSync(`${dir}/FACEBOOK_TOKEN_1002`, 'another\n')
  t.match(await called(graph, [...args, '--page', '1002']), { code: 0, out: /has this token in/ })
  t.equal(token(), 'changed\n')
  t.match(await called(graph, [...args, '--page', '1002'], { FACEBOOK_TOKEN_1002: 'dead' }), {
    code: 1,
    err: /^FACEBOOK_TOKEN_1002 is set in the environment/,
  })
})

t.test('what Meta refuses is said in words, and writes nothing', async (t) => {
  const dir = t.testdir({ 'other.json': '{"channels": [{"id": "1002", "platform": "instagram"}]}' })
  const args = ['--platform', 'facebook', '--channels', `${dir}/c.json`]
  const graph = await started(t)
  const wrongSecret = await called(graph, args, { META_APP_SECRETS: 'wrong-secret' })
  t.match(wrongSecret, { code: 1, err: /^Meta did not exchange.*\(1\).*\nMETA_APP_SECRETS has to hold/ })
  const wrongToken = await connect([...args, '--graph-url', graph.url], {}, 'hidden-wrong')
  t.match(wrongToken, { code: 1, out: '', err: /^Meta did not exchange.*\(190\).*\nThe user token has ended/ })
  t.notMatch(wrongToken.err, 'hidden')
  t.match(await called(await started(t, { pages: {} }), args), { code: 1, err: /good for no Page/ })
  t.match(await called({ url: 'http://127.0.0.1:1' }, args), {
    code: 1,
    err: /^No answer from http:\/\/127\.0\.0\.1:1 /,
  })
  graph.always({ page: '1002', fault: { error: { code: 200, message: 'no permission for hidden-user-token' } } })
  const forbidden = await called(graph, [...args, '--page', '1002'])
  t.match(forbidden, { code: 1, err: /^Meta did not subscribe it.*••••.*\nThe user token lacks a permission/ })
  graph.always({ page: '1002', fault: null })
  const other = ['--platform', 'facebook', '--page', '1002', '--channels', `${dir}/other.json`]
  t.match(await called(graph, other), { code: 1, err: /^Channel 1002 stands in .* without "platform": "facebook"/ })
  t.match(await called(graph, [...args.slice(0, 3), `${dir}/none/c.json`]), { code: 1, err: /^Cannot write into/ })
  t.throws(() => statSync(`${dir}/c.json`), { code: 'ENOENT' })
  t.same(
    posts(graph).filter(({ status }) => status === 200),
    [],
  )
  const nowhere = { FACEBOOK_TOKEN_1002_FILE: `${dir}/none/token` }
  t.match(await called(graph, [...args, '--page', '1002'], nowhere), { code: 1, err: /^Cannot write .*none\/token/ })
})

t.test('a probe that fails is no success', async (t) => {
  for (const [code, err] of [
    [190, /^✗ Meta refuses the token \(190\)\./],
    [2, /^✗ nobody knows whether the token works: http.* answers \(2\)\./],
  ] as const) {
    const meta = await listen(0, async ({ path, query }, response) => {
      if (path === '/me' && query['fields'] === 'id') return answerJson(response, 400, { error: { code } })
      const data = path === '/me/accounts' ? [{ id: '1', access_token: 'hidden' }] : []
      answerJson(response, 200, { access_token: 'hidden', data })
    })
    t.teardown(meta.close)
    const args = ['--platform', 'facebook', '--channels', `${t.testdir()}/c.json`]
    t.match(await called({ url: meta.origin }, args), { code: 1, err })
  }
})
