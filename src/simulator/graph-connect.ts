import type { ServerResponse } from 'node:http'
import { type GraphRequest, type MetaError, NO_TOKEN, NOT_FOUND, type PageSettings, refuse } from './graph-settings.js'
import { answerJson } from './listen.js'

/** The calls by which an account is connected: exchanged tokens, the list of pages, subscriptions. */

export interface Connecting {
  /** By id. */
  readonly pages: () => readonly string[]
  readonly settingsOf: (page: string) => PageSettings
  readonly errorOf: (page: string) => MetaError | undefined
  /** The only app secret that is taken; undefined for any. */
  readonly secret: () => string | undefined
  /** The only user token that is taken; undefined for any. */
  readonly userToken: string | undefined
}

type Outcome = { readonly body: object } | { readonly error: MetaError }

const CONNECTING = /^(?:\/v\d+\.\d+)?\/((?:oauth\/)?access_token|me\/accounts|(\w+)\/subscribed_apps)$/
const LASTING = 'lasting-user-token'
const REFUSED: Outcome = { error: NO_TOKEN }
const WRONG_SECRET: MetaError = { code: 1, status: 400, message: 'Error validating client secret.' }
const LASTS_ALREADY: MetaError = { code: 100, status: 400, message: 'Unsupported request - method type: get' }

export const isConnecting = (path: string): boolean => CONNECTING.test(path)

export function createConnecting({ pages, settingsOf, errorOf, secret, userToken }: Connecting) {
  /** The fields of each page, and by which app. */
  const subscriptions = new Map<string, readonly string[]>()
  let appId = ''

  const tokenOf = (page: string): string => settingsOf(page).token ?? `token-of-${page}`

  function exchange(given: string | undefined, query: Readonly<Record<string, string>>): Outcome {
    if (secret() !== undefined && query['client_secret'] !== secret()) return { error: WRONG_SECRET }
    const isInstagram = query['grant_type'] === 'ig_exchange_token'
    const ids = pages()
    if (isInstagram && ids.some((id) => tokenOf(id) === given)) return { error: LASTS_ALREADY }
    if (!given || (userToken !== undefined && given !== userToken)) return REFUSED
    appId = query['client_id'] ?? appId
    const token = isInstagram && ids[0] !== undefined ? tokenOf(ids[0]) : LASTING
    return { body: { access_token: token, token_type: 'bearer', expires_in: 5_184_000 } }
  }

  function page(id: string): object {
    const { echoAs } = settingsOf(id)
    const linked = echoAs === null ? {} : { instagram_business_account: { id: echoAs, username: `account_${echoAs}` } }
    return { id, name: `Page ${id}`, access_token: tokenOf(id), ...linked }
  }

  function subscription(method: string, id: string, token: string, fields: string | undefined): Outcome {
    const { token: only } = settingsOf(id)
    if (only !== null && token !== only) return REFUSED
    const error = errorOf(id)
    if (error !== undefined) return { error }
    if (method === 'POST') subscriptions.set(id, (fields ?? '').split(','))
    const subscribed = subscriptions.get(id)
    if (method === 'POST') return { body: { success: true } }
    return { body: { data: subscribed === undefined ? [] : [{ id: appId, subscribed_fields: subscribed }] } }
  }

  function answerTo({ method, path, query, headers }: GraphRequest): Outcome {
    const [, call, subscribed] = CONNECTING.exec(path)!
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
    if (call!.endsWith('access_token')) return exchange(query['fb_exchange_token'] ?? query['access_token'], query)
    if (token === undefined) return REFUSED
    if (subscribed !== undefined) return subscription(method, subscribed, token, query['subscribed_fields'])
    return token === LASTING ? { body: { data: pages().map(page) } } : REFUSED
  }

  return (request: GraphRequest, response: ServerResponse): void => {
    const isKnown = request.method === 'GET' || request.path.endsWith('/subscribed_apps')
    const answer = isKnown ? answerTo(request) : { error: NOT_FOUND }
    if ('error' in answer) {
      refuse(request, response, answer.error)
      return
    }
    request.status = 200
    answerJson(response, 200, answer.body)
  }
}
