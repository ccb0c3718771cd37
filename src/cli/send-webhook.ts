import { id as account } from '../config/kinds.js'
import { sign } from '../meta/signature.js'
import { payloadOf } from '../simulator/payload.js'
import { EXIT, type Run, type Surroundings, Trouble, write } from './command.js'
import type { Values } from './options.js'
import { addressIn, reasonOf } from './router.js'
import { firstIn } from './settings.js'

/** Plays Meta for one webhook: signs it, posts it to a running router, and prints the answer. */

interface Row {
  readonly event: string
  readonly outcome: string
  readonly reason: string | null
}

export const run: Run = async ({ values }, world) => {
  const url = webhookOf(values, world)
  const secret = values.secret ?? firstIn(world, 'META_APP_SECRETS')
  if (secret === null) throw new Trouble(EXIT.usage, '--secret is missing: the app secret, as in META_APP_SECRETS.')
  const body = bodyOf(values, world)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, secret) },
    body,
  }).catch((error: Error): never => {
    throw new Trouble(EXIT.noRouter, `No answer from ${url} (${reasonOf(error)}). Is the router running?`)
  })
  const text = await response.text()
  const status = `${response.status} ${response.statusText}`
  const answer = parsed(text)
  const ignored = rowsOf(answer).filter(({ outcome }) => outcome === 'ignored')
  if (values.json) write(world, text)
  else if (answer === null) write(world, `${status}\n${text}`)
  // The answer's overall "successfully" only says that the webhook was received.
  else write(world, `${status}\n${JSON.stringify(ignored.length > 0 ? { results: rowsOf(answer) } : answer, null, 2)}`)
  if (ignored.length > 0) throw new Trouble(EXIT.failed, ignored.map(whyIgnored).join('\n'))
  return response.ok ? EXIT.done : EXIT.failed
}

function bodyOf(values: Values, { env, readFile }: Surroundings): string {
  if (values.file !== undefined) {
    try {
      return readFile(values.file)
    } catch {
      throw new Trouble(EXIT.usage, `--file: cannot read ${values.file}.`)
    }
  }
  const { text, share, user = '2001' } = values
  const platform = values.platform ?? env['CHANNEL_PLATFORM']?.trim().toLowerCase()
  if (platform && platform !== 'instagram' && platform !== 'facebook') {
    throw new Trouble(EXIT.usage, `CHANNEL_PLATFORM is instagram or facebook, not "${platform}"; or give --platform`)
  }
  const page = values.page ?? env['CHANNEL_ID']?.trim()
  if (!page) {
    throw new Trouble(EXIT.usage, '--page is missing: the id of the page or account, as in the channel’s settings.')
  }
  if (account.parse(page).is === 'bad') throw new Trouble(EXIT.usage, `CHANNEL_ID must be digits, not "${page}"`)
  if (text === undefined && share === undefined) {
    throw new Trouble(EXIT.usage, 'Nothing to say: give --text, --share or --file.')
  }
  const { mid, echo } = values
  const payload = {
    platform: (platform || 'instagram') as 'instagram' | 'facebook',
    page,
    user,
    text,
    share,
    mid,
    echo,
    appId: values['app-id'],
    timestamp: Date.now(),
  }
  return JSON.stringify(payloadOf(payload))
}

/** Accepts the URL with or without the webhook's path. */
function webhookOf({ url }: Values, world: Surroundings): string {
  const base = url ?? addressIn(world)
  return base.endsWith('/webhook') ? base : `${base}/webhook`
}

function parsed(text: string): object | null {
  try {
    return JSON.parse(text) as object
  } catch {
    return null
  }
}

function rowsOf(answer: object | null): readonly Row[] {
  const { results } = { ...answer } as { results?: unknown }
  return Array.isArray(results) ? (results as Row[]) : []
}

const WHY: Readonly<Record<string, string>> = {
  unknown_channel:
    'the router has no channel with this page id; --page says which, CHANNEL_ID or CHANNELS_FILE has them',
  invalid_id: 'an id is not 1 to 32 digits',
}

function whyIgnored({ event, reason }: Row): string {
  return `Ignored: ${event}, ${reason} (${WHY[String(reason)] ?? 'the router has no use for it'}).`
}
