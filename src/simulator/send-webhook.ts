import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sign } from '../meta/signature.js'
import { payloadOf } from './payload.js'

/** Plays Meta for one webhook: signs it, posts it to a running router, and shows the answer. */

const USAGE = `Signs a webhook as Meta would, and posts it to a running router:

  npm run send-webhook -- --text "hi"                       a customer writes
  npm run send-webhook -- --text "hello" --echo             somebody on the shop's side writes
  npm run send-webhook -- --share https://example.com/p/1   a customer shares a post
  npm run send-webhook -- --file payload.json               any body

  --platform instagram|facebook   CHANNEL_PLATFORM, else instagram
  --page ID                       CHANNEL_ID
  --user ID                       2001
  --mid ID, --app-id ID           the message's id, the sending app's id
  --secret SECRET                 the first of META_APP_SECRETS
  --url URL                       http://127.0.0.1:PORT/webhook, PORT as for the router
`

const { env } = process

function fail(problem: string): never {
  process.stderr.write(`${problem}\n\n${USAGE}`)
  process.exit(1)
}

function optionsGiven() {
  try {
    return parseArgs({
      options: {
        platform: { type: 'string', default: env['CHANNEL_PLATFORM'] || 'instagram' },
        page: { type: 'string', default: env['CHANNEL_ID'] ?? '' },
        user: { type: 'string', default: '2001' },
        text: { type: 'string' },
        echo: { type: 'boolean', default: false },
        share: { type: 'string' },
        mid: { type: 'string' },
        'app-id': { type: 'string' },
        file: { type: 'string' },
        secret: { type: 'string', default: (env['META_APP_SECRETS'] ?? '').split(',')[0]!.trim() },
        url: { type: 'string', default: `http://127.0.0.1:${env['PORT'] || '3000'}/webhook` },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return fail((error as Error).message)
  }
}

function bodyOf(options: ReturnType<typeof optionsGiven>): string | Buffer {
  if (options.file !== undefined) {
    try {
      return readFileSync(options.file)
    } catch {
      return fail(`--file: cannot read ${options.file}.`)
    }
  }
  const { platform, page, text, share } = options
  if (platform !== 'instagram' && platform !== 'facebook') fail('--platform must be instagram or facebook.')
  if (page === '') fail('--page is missing: the id of the page or account, as in the channel’s settings.')
  if (text === undefined && share === undefined) fail('Nothing to say: give --text, --share or --file.')
  return JSON.stringify(payloadOf({ ...options, platform, page, appId: options['app-id'], timestamp: Date.now() }))
}

const options = optionsGiven()
if (options.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
if (options.secret === '') fail('--secret is missing: the app secret, as in META_APP_SECRETS.')
const body = bodyOf(options)
try {
  const response = await fetch(options.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, options.secret) },
    body: new Uint8Array(Buffer.from(body)),
  })
  process.stdout.write(`${response.status} ${response.statusText}\n${pretty(await response.text())}\n`)
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  // What fetch throws only says that it failed; why stands in its cause.
  fail(`No answer from ${options.url} (${String((error as Error).cause)}). Is the router running?`)
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
