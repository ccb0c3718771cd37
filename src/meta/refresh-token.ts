import type { RefreshOutcome, TokenRefresher } from '../engine/providers.js'
import { isObject } from '../json.js'
import { errorOf, isPassing } from './graph-error.js'
import { ask, graphAgent, isToken, type Told } from './graph-get.js'
import { parsed } from './send-outcome.js'

/** Asks the Graph API for a token that ends later. Instagram logins alone have such a call. */

const MOST_TOKEN = 4_096
/** Meta gives 60 days. Far more would be no number of seconds. */
const LONGEST_LIFE_S = 5 * 366 * 86_400

export function createTokenRefresher({ timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {}): TokenRefresher {
  const agent = graphAgent()
  return {
    async refresh(graphUrl, token) {
      // Meta takes the token in the query alone. Neither this address nor Meta's own words may reach a log line.
      const query = new URLSearchParams({ grant_type: 'ig_refresh_token', access_token: token })
      const url = `${graphUrl.replace(/\/+$/, '')}/refresh_access_token?${query}`
      return refreshOutcome(await ask(agent, url, { token: null, timeoutMs }))
    },
    close: () => agent.destroy(),
  }
}

export function refreshOutcome(told: Told): RefreshOutcome {
  if (told.is === 'lost') return told
  const { status } = told
  const answer = parsed(told.body)
  const error = answer?.['error'] ?? null
  if (status !== 200 || error !== null) {
    const told = errorOf(status, isObject(error) ? error : null)
    return { is: isPassing(status, told) ? 'lost' : 'refused', code: told.code }
  }
  const token = answer?.['access_token']
  if (typeof token !== 'string' || token.length > MOST_TOKEN || !isToken(token)) return odd('no_token')
  const seconds = answer?.['expires_in']
  const isLife = typeof seconds === 'number' && seconds >= 1 && seconds <= LONGEST_LIFE_S
  return isLife ? { is: 'refreshed', token, lifeMs: Math.floor(seconds * 1000) } : odd('no_expiry')
}

const odd = (code: string): RefreshOutcome => ({ is: 'refused', code })
