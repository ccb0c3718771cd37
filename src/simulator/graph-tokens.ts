import type { ServerResponse } from 'node:http'
import {
  type GraphRequest,
  NO_TOKEN,
  NOT_FOUND,
  type PageSettings,
  refuse,
  type SendFault,
  TOO_YOUNG,
} from './graph-settings.js'
import { answerJson } from './listen.js'
import { pause } from './wait.js'

/** The tokens of the pages: whose they are, and new ones for those of an Instagram login. */

export interface PageTokens {
  /** The page of a token; null for one that is nobody's. */
  pageOf(token: string | undefined): string | null
  isGood(page: string, token: string): boolean
  refresh(request: GraphRequest, response: ServerResponse): Promise<void>
}

/** Meta refreshes no token that is younger. */
const YOUNGEST_MS = 24 * 3_600_000

export function createPageTokens(parts: {
  /** By id. */
  readonly pages: () => readonly string[]
  readonly settingsOf: (page: string) => PageSettings
  readonly nextFault: (page: string) => Partial<SendFault>
  readonly signal: () => AbortSignal
  readonly now: () => number
}): PageTokens {
  const { pages, settingsOf, nextFault, signal, now } = parts
  /** Each is good beside the page's own. */
  const issued = new Map<string, { readonly page: string; readonly at: number }>()

  function pageOf(token: string | undefined): string | null {
    const its = (expected: string | null | undefined) => pages().find((id) => settingsOf(id).token === expected)
    return issued.get(token ?? '')?.page ?? its(token) ?? its(null) ?? null
  }

  function isGood(page: string, token: string): boolean {
    const { token: only } = settingsOf(page)
    return only === null || token === only || issued.get(token)?.page === page
  }

  return {
    pageOf,
    isGood,
    async refresh(request, response) {
      const { grant_type: type, access_token: token } = request.query
      const page = pageOf(token)
      if (request.method !== 'GET' || type !== 'ig_refresh_token') return refuse(request, response, NOT_FOUND)
      if (!token || page === null || settingsOf(page).platform === 'facebook')
        return refuse(request, response, NO_TOKEN)
      const { error, hang, drop, delayMs = 0 } = nextFault(page)
      await pause(delayMs, signal())
      if (drop) response.destroy()
      if (drop || hang) return
      if (error) return refuse(request, response, error)
      const { tokenAgeMs, tokenLifeMs } = settingsOf(page)
      const own = issued.get(token)
      if ((own === undefined ? tokenAgeMs : now() - own.at) < YOUNGEST_MS) return refuse(request, response, TOO_YOUNG)
      const fresh = `refreshed-${issued.size + 1}-of-${page}`
      issued.set(fresh, { page, at: now() })
      request.status = 200
      const expiresIn = Math.floor(tokenLifeMs / 1000)
      answerJson(response, 200, { access_token: fresh, token_type: 'bearer', expires_in: expiresIn })
    },
  }
}
