import { codeOf } from '../exchange.js'
import { Agent, request } from '../undici.js'
import { signedHeaders } from './sign.js'
import type { Target } from './targets.js'

/** Makes one delivery attempt for a notification. */
export interface Poster {
  /** Never rejects. `at` is the time to sign with. */
  post(target: Target, id: string, body: string, at: number): Promise<PostOutcome>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

export type PostOutcome =
  | { readonly is: 'delivered' }
  /** The receiver answered 410: it wants no more notifications. */
  | { readonly is: 'gone' }
  /** The status of the answer, or the error's code when there was none. */
  | { readonly is: 'failed'; readonly code: string }

/** Only the status of the answer matters; its body is read up to this size so that the connection can be reused. */
const MOST_ANSWER_BYTES = 16 * 1024

export function createPoster({
  version,
  timeoutMs = 10_000,
}: {
  readonly version: string
  readonly timeoutMs?: number
}): Poster {
  // The abort signal limits the whole request's time, and the caller the number of connections.
  const agent = new Agent({ connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  const common = { 'content-type': 'application/json', 'user-agent': `message-router/${version}` }

  return {
    async post(target, id, body, at) {
      const signal = AbortSignal.timeout(timeoutMs)
      const headers = { ...common, ...signedHeaders(target.key, id, at, body) }
      try {
        // Redirects are not followed: they would send customers' messages to an address that is not in the settings.
        const answer = await request(agent, target.url, { method: 'POST', headers, body, signal })
        await answer.body.dump({ limit: MOST_ANSWER_BYTES, signal }).catch(ignore)
        return outcomeOf(answer.statusCode)
      } catch (error) {
        return { is: 'failed', code: codeOf(error as Error) }
      }
    },
    close: () => agent.destroy(),
  }
}

function outcomeOf(status: number): PostOutcome {
  if (status >= 200 && status < 300) return { is: 'delivered' }
  return status === 410 ? { is: 'gone' } : { is: 'failed', code: String(status) }
}

/** The status has arrived; a failure while reading the rest changes nothing. */
function ignore(): void {}
