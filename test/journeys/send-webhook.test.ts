import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { environment, startRouter } from '../fixtures/process.js'
import { inProject } from '../fixtures/project.js'
import { PAGE, SECRET } from '../fixtures/webhooks.js'

const PROGRAM = inProject('dist/simulator/send-webhook.js')

interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function send(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { env: environment(settings) })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

/** What the router answered, below the line with the status. */
function answerOf({ out }: Result): { results: { event: string; author: string; evidence: string | null }[] } {
  return JSON.parse(out.slice(out.indexOf('\n') + 1))
}

t.test('send-webhook plays Meta for a running router, with the router’s own settings', async (t: Test) => {
  const { port } = await startRouter(t)
  const settings = { META_APP_SECRETS: `${SECRET}, another`, CHANNEL_ID: PAGE, PORT: String(port) }

  const asked = await send(['--text', 'hi'], settings)
  t.match(asked, { code: 0, out: /^200 OK\n/ })
  t.match(answerOf(asked).results, [{ event: 'message', author: 'customer' }])

  const echoed = await send(['--text', 'hello', '--echo'], settings)
  t.match(answerOf(echoed).results, [{ event: 'echo', author: 'human', evidence: 'none' }])

  const shared = await send(['--share', 'https://example.com/p/1', '--user', '2002'], settings)
  t.match(answerOf(shared), { data: { message: { message_type: 'share' }, conversation: { id: `${PAGE}-2002` } } })

  const file = join(mkdtempSync(join(tmpdir(), 'send-webhook-')), 'payload.json')
  writeFileSync(file, '{"object":"instagram","entry":[]}')
  t.match(await send(['--file', file], settings), { code: 0, out: /"results": \[\]/ })

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

t.test('send-webhook says which option is missing or wrong, and prints its usage', async (t: Test) => {
  const settings = { META_APP_SECRETS: SECRET, CHANNEL_ID: PAGE, PORT: '1' }
  t.match(await send(['--help']), { code: 0, out: /--share URL|--share https/ })
  for (const [args, env, problem] of [
    [['--text', 'hi'], {}, /--secret is missing/],
    [['--text', 'hi'], { META_APP_SECRETS: SECRET }, /--page is missing/],
    [['--text', 'hi', '--platform', 'telegram'], settings, /--platform must be/],
    [[], settings, /Nothing to say/],
    [['--nonsense'], settings, /Unknown option '--nonsense'/],
    [['--file', '/nowhere/payload.json'], settings, /cannot read \/nowhere\/payload.json/],
    [['--text', 'hi'], settings, /No answer from http:\/\/127\.0\.0\.1:1\/webhook .*Is the router running/],
    [['--text', 'hi', '--url', 'nonsense'], settings, /No answer from nonsense/],
  ] as const) {
    t.match(await send(args, env), { code: 1, err: problem }, String(problem))
  }
})
