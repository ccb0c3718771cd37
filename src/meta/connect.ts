import type { Platform } from '../conversation/channel.js'
import { type Account, accountIn, cursorIn, fieldsIn, pagesIn } from './accounts.js'
import { type Answered, answerIn, type Refusal } from './connect-answer.js'
import { ask, graphAgent, isToken } from './graph-get.js'
import { WEBHOOK_FIELDS } from './webhook-fields.js'

/** The Graph API calls that connect an account: its lasting token, its id, its subscription. */

/** `instagram` is an Instagram login; Pages, and Instagram accounts that are reached through one, are `facebook`. */
export interface Login {
  readonly platform: Platform
  readonly graphUrl: string
  readonly appId: string
  readonly appSecrets: readonly string[]
  readonly userToken: string
}

export interface Lasting {
  readonly token: string
  /** False for a token that Meta did not exchange, as it does with one that lasts already. */
  readonly isExchanged: boolean
}

export interface Connector {
  /** With the first app secret that Meta accepts. */
  exchange(login: Login): Promise<Answered<Lasting>>
  accounts(login: Login, token: string): Promise<Answered<readonly Account[]>>
  /** To whom the token belongs. */
  ownerOf(login: Login, token: string): Promise<Answered<string | null>>
  /** Says whether anything had to be changed. Fields beside ours stay subscribed. */
  subscribe(login: Login, account: Account): Promise<Answered<'already' | 'now'>>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

const PAGE_FIELDS = 'id,name,access_token,instagram_business_account{id,username}'
const ACCOUNT_FIELDS = 'user_id,username'
const PAGES_AT_ONCE = '50'
/** 1,000 pages. */
const MOST_ROUNDS = 20

type Query = Readonly<Record<string, string>>

export function createConnector({ timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {}): Connector {
  const agent = graphAgent()

  async function call(login: Login, path: string, query: Query, token: string | null, method: 'GET' | 'POST' = 'GET') {
    const search = new URLSearchParams(query)
    const told = await ask(agent, `${login.graphUrl}/${path}?${search}`, { method, token, timeoutMs })
    return answerIn(told, [...login.appSecrets, login.userToken, ...(token === null ? [] : [token])])
  }

  /** Both exchanges take their secrets in the query alone. */
  function exchangeWith(login: Login, secret: string) {
    const { userToken, appId } = login
    if (login.platform === 'facebook') {
      const query = { grant_type: 'fb_exchange_token', client_id: appId, client_secret: secret }
      return call(login, 'oauth/access_token', { ...query, fb_exchange_token: userToken }, null)
    }
    const query = { grant_type: 'ig_exchange_token', client_secret: secret, access_token: userToken }
    // This call has no version.
    return call({ ...login, graphUrl: login.graphUrl.replace(/\/v\d+\.\d+$/, '') }, 'access_token', query, null)
  }

  return {
    async exchange(login) {
      let refusal: Refusal | null = null
      for (const secret of login.appSecrets) {
        const answer = await exchangeWith(login, secret)
        if (answer.is === 'lost') return answer
        if (answer.is === 'ok') {
          const { access_token: token } = answer.value
          if (typeof token === 'string' && isToken(token)) return { is: 'ok', value: { token, isExchanged: true } }
          return { is: 'refused', code: 'no_token', said: null }
        }
        if (refusal === null || isOfSecret(refusal)) refusal = answer
      }
      const { platform, userToken } = login
      if (platform === 'instagram' && !isOfSecret(refusal!)) {
        return { is: 'ok', value: { token: userToken, isExchanged: false } }
      }
      return refusal!
    },

    async accounts(login, token) {
      if (login.platform === 'instagram') {
        const answer = await call(login, 'me', { fields: ACCOUNT_FIELDS }, token)
        if (answer.is !== 'ok') return answer
        const account = accountIn(answer.value, token)
        return { is: 'ok', value: account === null ? [] : [account] }
      }
      const found: Account[] = []
      let cursor: string | null = null
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const query: Query = {
          fields: PAGE_FIELDS,
          limit: PAGES_AT_ONCE,
          ...(cursor === null ? {} : { after: cursor }),
        }
        const answer: Awaited<ReturnType<typeof call>> = await call(login, 'me/accounts', query, token)
        if (answer.is !== 'ok') return answer
        found.push(...pagesIn(answer.value).filter((account) => isToken(account.token)))
        cursor = cursorIn(answer.value)
        if (cursor === null) break
      }
      return { is: 'ok', value: found }
    },

    async ownerOf(login, token) {
      const isPage = login.platform === 'facebook'
      const answer = await call(login, 'me', { fields: isPage ? 'id' : ACCOUNT_FIELDS }, token)
      if (answer.is !== 'ok') return answer
      const { id } = answer.value
      return { is: 'ok', value: isPage ? String(id) : (accountIn(answer.value, token)?.id ?? null) }
    },

    async subscribe(login, { owner, token }) {
      const { platform, appId } = login
      const path = `${owner}/subscribed_apps`
      const now = await call(login, path, {}, token)
      const fields = now.is === 'ok' ? fieldsIn(now.value, platform === 'facebook' ? appId : null) : []
      const wanted = WEBHOOK_FIELDS[platform]
      if (wanted.every((field) => fields.includes(field))) return { is: 'ok', value: 'already' }
      const all = [...new Set([...wanted, ...fields])].join(',')
      const answer = await call(login, path, { subscribed_fields: all }, token, 'POST')
      if (answer.is !== 'ok') return answer
      if (answer.value['success'] === false) return { is: 'refused', code: 'no_success', said: null }
      return { is: 'ok', value: 'now' }
    },

    close: () => agent.destroy(),
  }
}

/** `appsecret_proof` is another matter. */
export function isOfSecret(refusal: Refusal): boolean {
  return refusal.is === 'refused' && /\bsecret\b/i.test(refusal.said ?? '')
}
