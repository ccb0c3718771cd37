import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { PAGE, SECRET } from '../fixtures/webhooks.js'

interface Result {
  readonly code: unknown
  readonly out: string
  readonly err: string
}

const readFile = (path: string): string => readFileSync(path, 'utf8')
const send = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> =>
  ran(['send-webhook', ...args], { env, readFile })

/** What the router answered, below the line with the status. */
function answerOf({ out }: Result): { results: { event: string; author: string; evidence: string | null }[] } {
  return JSON.parse(out.slice(out.indexOf('\n') + 1))
}

t.test('it plays Meta for a running router, with the settings that the router has', async (t: Test) => {
  const { env, url } = await listeningApp(t)
  const settings = { META_APP_SECRETS: `${SECRET}, another`, CHANNEL_ID: PAGE, PORT: env['PORT']! }

  const asked = await send(['--text', 'hi'], settings)
  t.match(asked, { code: 0, out: /^200 OK\n/ })
  t.match(answerOf(asked).results, [{ event: 'message', author: 'customer' }])

  const echoed = await send(['--text', 'hello', '--echo'], settings)
  t.match(answerOf(echoed).results, [{ event: 'echo', author: 'human', evidence: 'none' }])

  const shared = await send(['--share', 'https://example.com/p/1', '--user', '2002'], settings)
  t.match(answerOf(shared), { data: { message: { message_type: 'share' }, conversation: { id: `${PAGE}-2002` } } })

  const file = `${t.testdir({})}/payload.json`
  writeFileSync(file, '{"object":"instagram","entry":[]}')
  t.match(await send(['--file', file], settings), { code: 0, out: /"results": \[\]/ })

  // With the path of the webhook or without it.
  for (const at of [url, `${url}/`, `${url}/webhook`])
    t.match(await send(['--text', 'ho', '--url', at], settings), { code: 0 })

  const elsewhere = { ...settings, PORT: '1', MESSAGE_ROUTER_URL: url }
  t.match(await send(['--text', 'hey'], elsewhere), { code: 0 }, 'where the environment says that the router is')

  const forged = await send(['--text', 'hi', '--secret', 'wrong'], settings)
  t.match(forged, { code: 1, out: /^401 Unauthorized\n.*invalid_signature/s })
})

t.test('an answer that is no JSON is shown as it is', async (t: Test) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('hello from elsewhere'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const settings = { META_APP_SECRETS: SECRET, CHANNEL_ID: PAGE, PORT: String(port) }
  t.match(await send(['--text', 'hi'], settings), { code: 0, out: '200 OK\nhello from elsewhere\n' })
})

t.test('what is ignored is no success, and says why', async (t: Test) => {
  const { env } = await listeningApp(t)
  const settings = { META_APP_SECRETS: SECRET, CHANNEL_ID: PAGE, PORT: env['PORT']! }
  const other = await send(['--text', 'hi', '--page', '999'], settings)
  t.match(other, { code: 1, out: /^200 OK\n/, err: /^Ignored: message, unknown_channel \(the router has no channel/ })
  t.notMatch(other.out, 'success')
  t.match(answerOf(other).results, [{ outcome: 'ignored', reason: 'unknown_channel' }])
  const file = `${t.testdir({})}/payload.json`
  const item = { sender: { id: 'abc' }, recipient: { id: PAGE }, timestamp: 1, message: { mid: 'm', text: 'x' } }
  const odd = { sender: { id: '1' }, recipient: { id: PAGE }, timestamp: 1, strange: {} }
  writeFileSync(file, JSON.stringify({ object: 'instagram', entry: [{ id: PAGE, time: 1, messaging: [item, odd] }] }))
  const ignored = await send(['--file', file], settings)
  t.match(ignored, {
    code: 1,
    err: /^Ignored: message, invalid_id \(an id is not 1 to 32 digits\)\.\nIgnored: unsupported, unsupported \(the router/,
  })
  const json = await send(['--text', 'hi', '--page', '999', '--json'], settings)
  t.match(JSON.parse(json.out), { results: [{ reason: 'unknown_channel' }] })
  t.equal(json.code, 1)
})

t.test('it says what is missing or wrong, and how to use it', async (t: Test) => {
  const settings = { META_APP_SECRETS: SECRET, CHANNEL_ID: PAGE, PORT: '1' }
  t.match(await send(['--help']), { code: 0, out: /--share URL|--share https/ })
  t.match(await send(['-h']), { code: 0, out: /--share URL/ })
  for (const [args, env, code, problem] of [
    [['--text', 'hi'], {}, 2, /--secret is missing/],
    [['--text', 'hi'], { META_APP_SECRETS: SECRET }, 2, /--page is missing/],
    [['--text', 'hi', '--platform', 'telegram'], settings, 2, /--platform is instagram or facebook, not "telegram"/],
    [['--text', 'hi'], { ...settings, CHANNEL_PLATFORM: 'telegram' }, 2, /^CHANNEL_PLATFORM is instagram or facebook/],
    [['--text', 'hi', '--page', 'abc'], settings, 2, /--page must be an id/],
    [['--text', 'hi', '--user', 'abc'], settings, 2, /--user must be an id of 1 to 32 digits, not "abc"/],
    [['--text', 'hi'], { ...settings, CHANNEL_ID: 'abc' }, 2, /^CHANNEL_ID must be digits, not "abc"/],
    [[], settings, 2, /Nothing to say/],
    [['--nonsense'], settings, 2, /Unknown option '--nonsense'/],
    [['--file', '/nowhere/payload.json'], settings, 2, /cannot read \/nowhere\/payload.json/],
    [['--text', 'hi'], settings, 3, /No answer from http:\/\/127\.0\.0\.1:1\/webhook .*Is the router running/],
    [['--text', 'hi', '--url', 'nonsense'], settings, 2, /^--url must be a URL/],
  ] as const) {
    t.match(await send(args, env), { code, err: problem }, String(problem))
  }
  t.match(await send(['--text', 'hi'], { ...settings, CHANNEL_PLATFORM: 'Facebook' }), { code: 3 })
})
