/** The state of the connection to the router, in words. */

export type Connection =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  /** No response. `retryAt`: the time of the next attempt. */
  | { readonly is: 'away'; readonly retryAt: number }
  | { readonly is: 'refused' }
  /** The router responds but is not ready. */
  | { readonly is: 'unready'; readonly code: string; readonly retryAt: number }

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 10_000

/** With jitter, so that many pages do not reconnect at the same moment. */
export function retryDelay(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10))
  return Math.round(longest * (0.7 + 0.3 * random))
}

export interface StatusLine {
  readonly words: string
  /** The time to the next attempt, apart from the text so that screen readers do not read a countdown. */
  readonly retry: string | null
  readonly mood: 'good' | 'busy' | 'bad'
}

const UNREADY: Readonly<Record<string, string>> = {
  store_unavailable: 'The router cannot reach its store. Meta will send again what comes meanwhile.',
  store_full: 'The router’s memory is full of open work. Meta will send again what comes meanwhile.',
  draining: 'The router is stopping.',
  rate_limited: 'Too many requests with this token.',
}

export function statusLineOf(connection: Connection, now: number): StatusLine {
  switch (connection.is) {
    case 'connecting':
      return { words: 'Connecting …', retry: null, mood: 'busy' }
    case 'live':
      return { words: 'Live', retry: null, mood: 'good' }
    case 'refused':
      return { words: 'This token is not accepted any more.', retry: null, mood: 'bad' }
    case 'away':
      return { words: 'The router does not answer.', retry: again(connection.retryAt, now), mood: 'bad' }
    case 'unready': {
      const words = UNREADY[connection.code] ?? 'The router cannot work at the moment.'
      return { words, retry: again(connection.retryAt, now), mood: 'bad' }
    }
  }
}

function again(retryAt: number, now: number): string {
  const seconds = Math.ceil((retryAt - now) / 1000)
  return seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again …'
}

/** Why an action failed, in words. */
export function refusalInWords(problem: {
  readonly status: number
  readonly code: string
  readonly message: string
}): string {
  if (problem.status === 0) return 'Not done: the router does not answer. Try again when the line above says “Live”.'
  if (problem.code === 'unauthorized') return 'Not done: this token is not accepted any more.'
  return `Not done: ${problem.message}`
}
