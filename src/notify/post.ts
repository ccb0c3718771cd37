import { Agent, request } from 'undici'
import { signedHeaders } from './sign.js'
import type { Target } from './targets.js'

/** One try to deliver a notification. */
export interface Poster {
  /** Never fails. `at` is the time to sign with. */
  post(target: Target, id: string, body: string, at: number): Promise<PostOutcome>
  /** What is under way is given up. */
  close(): Promise<void>
}

export type PostOutcome =
  | { readonly is: 'delivered' }
  /** The receiver wants no more of them. */
  | { readonly is: 'gone' }
  /** The status of its answer, or why there is none. */
  | { readonly is: 'failed'; readonly code: string }

/** What the receiver says besides its status is of no interest; a little is read to use the connection again. */
const MOST_ANSWER_BYTES = 16 * 1024

export function createPoster({
  version,
  timeoutMs = 10_000,
}: {
  readonly version: string
  readonly timeoutMs?: number
}): Poster {
  // The time is limited as a whole, by the signal, and the connections by who posts.
  const agent = new Agent({ connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  const common = { 'content-type': 'application/json', 'user-agent': `message-router/${version}` }

  return {
    async post(target, id, body, at) {
      const signal = AbortSignal.timeout(timeoutMs)
      const headers = { ...common, ...signedHeaders(target.key, id, at, body) }
      try {
        // Redirects are not followed: they would take customers' words to an address that nobody set.
        const answer = await request(target.url, { dispatcher: agent, method: 'POST', headers, body, signal })
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

function codeOf(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : error.name
}

/** Its status has been said: it took the notification or did not. */
function ignore(): void {}
