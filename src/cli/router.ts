import { httpUrl } from '../config/kinds.js'
import { type ConversationId, parseConversationId } from '../conversation/ids.js'
import { parseObject } from '../json.js'
import { named } from '../named-token.js'
import { EXIT, type Surroundings, Trouble } from './command.js'
import type { Values } from './options.js'
import type { Answer } from './refused-upgrade.js'
import { firstIn, localAddress, settingIn } from './settings.js'

/** A client of a running router's API. Errors are shown to the user of the command. */

export interface Router {
  readonly url: string
  readonly token: string
  /** The body of a successful response; null without one. */
  readonly call: <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, request?: Request) => Promise<T>
  /** The response before its body is read. */
  readonly open: (path: string) => Promise<Response>
}

export interface Request {
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** A busy router answers within this time; erasing a customer waits for Dify. */
export const TIMEOUT_MS = 30_000

export function routerOf({ url: given, token: typed }: Pick<Values, 'url' | 'token'>, world: Surroundings): Router {
  const url = given ?? addressIn(world)
  const token = typed ?? settingIn(world, 'MESSAGE_ROUTER_TOKEN') ?? firstToken(world)
  if (token === null) {
    throw new Trouble(EXIT.noToken, 'There is no token: give one with --token, MESSAGE_ROUTER_TOKEN or API_TOKENS.')
  }
  if (/[^\x21-\x7e]/.test(token)) {
    throw new Trouble(EXIT.noToken, 'The token has a character that no token has: a blank, or one outside of ASCII.')
  }

  async function answer(method: string, path: string, request: Request = {}): Promise<Response> {
    const { query = {}, body, headers } = request
    const address = new URL(url + path)
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined) address.searchParams.set(name, String(value))
    }
    const head = { authorization: `Bearer ${token}`, ...headers }
    const init =
      body === undefined
        ? { headers: head }
        : { headers: { ...head, 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const late = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(address, { method, redirect: 'error', signal: late, ...init }).catch((error) => {
      throw unreached(url, error as Error)
    })
    if (!response.ok) throw await refused(url, response)
    return response
  }

  return {
    url,
    token,
    async call<T>(method: string, path: string, request?: Request): Promise<T> {
      const response = await answer(method, path, request)
      const text = await response.text().catch((error) => {
        throw unreached(url, error as Error)
      })
      if (response.status === 204) return null as T
      try {
        return JSON.parse(text) as T
      } catch {
        throw noRouter(url, response)
      }
    },
    open: (path) => answer('GET', path),
  }
}

export function idIn(text: string): ConversationId {
  const id = parseConversationId(text)
  if (id === null) {
    throw new Trouble(
      EXIT.usage,
      `ID is a conversation's, {page}-{user} with digits on both sides, such as 17841400000000001-2001, not "${text}"`,
    )
  }
  return id
}

/** Where the router is, when the command line does not say. */
export function addressIn(world: Surroundings): string {
  const text = world.env['MESSAGE_ROUTER_URL']?.trim()
  if (!text) return localAddress(world)
  const parsed = httpUrl.parse(text)
  if (parsed.is === 'bad') throw new Trouble(EXIT.usage, `MESSAGE_ROUTER_URL ${parsed.why}`)
  return parsed.value
}

function firstToken(world: Surroundings): string | null {
  const first = firstIn(world, 'API_TOKENS')
  return first === null ? null : named(first, 0).token
}

/** The reason of a failed `fetch` is in its error's cause. */
export function reasonOf(error: Error): string {
  const { name, cause } = error
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`
  const { code, message } = (cause ?? error) as NodeJS.ErrnoException
  return code ?? message
}

function unreached(url: string, error: Error): Trouble {
  const hint = 'is it running? --url or MESSAGE_ROUTER_URL says where'
  return new Trouble(EXIT.noRouter, `No router answers at ${url} (${reasonOf(error)}): ${hint}.`)
}

function noRouter(url: string, { status, headers }: Response): Trouble {
  const what = `${status} ${headers.get('content-type') ?? 'without a type'}`
  return new Trouble(EXIT.noRouter, `What answers at ${url} is no message router (${what}).`)
}

async function refused(url: string, response: Response): Promise<Trouble> {
  const body = await response.text().catch(() => '')
  return refusal(url, { status: response.status, body }) ?? noRouter(url, response)
}

/** The error of a response that is not a success; null when no router sent it. */
export function refusal(url: string, { status, body }: Answer): Trouble | null {
  const { code, message } = parseObject(body) ?? {}
  if (typeof code !== 'string' || typeof message !== 'string') return null
  if (status === 401) {
    const hint = 'give one of its API_TOKENS with --token, MESSAGE_ROUTER_TOKEN or API_TOKENS'
    return new Trouble(EXIT.noToken, `The router at ${url} does not take this token (${code}): ${hint}.`)
  }
  if (status === 403) return new Trouble(EXIT.noToken, `${message} (${code})`)
  return new Trouble(EXIT.failed, `${message} (${code})`)
}
