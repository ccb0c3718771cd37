import { pause } from './wait.js'

export interface Attempt {
  readonly at: number
  /** 0 without a response. */
  readonly status: number
  readonly body: string
}

export interface Posting {
  readonly headers: Readonly<Record<string, string>>
  /** Null for no body at all, as Dify's HTTP node posts it. */
  readonly body: string | null
  readonly attempts: number
  readonly waitMs: number
  readonly signal: AbortSignal
}

/** Posts until it is accepted; the last attempt is the result. */
export async function post(url: string, posting: Posting): Promise<readonly Attempt[]> {
  const { attempts, waitMs, signal } = posting
  const made: Attempt[] = []
  while (made.length < attempts) {
    if (made.length > 0) await pause(waitMs, signal)
    const attempt = await postOnce(url, posting)
    made.push(attempt)
    if (isTaken(made)) break
  }
  return made
}

export function isTaken(attempts: readonly Attempt[]): boolean {
  const status = attempts.at(-1)?.status ?? 0
  return status >= 200 && status < 300
}

async function postOnce(url: string, { headers, body, signal }: Posting): Promise<Attempt> {
  const at = Date.now()
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    return { at, status: response.status, body: await response.text() }
  } catch (error) {
    signal.throwIfAborted()
    return { at, status: 0, body: String((error as Error).cause) }
  }
}
