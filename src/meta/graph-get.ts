import { codeOf } from '../exchange.js'
import { Agent, request } from '../undici.js'
import type { Headers } from './usage.js'

/** GET requests to the Graph API. They change nothing, so that a failed one can be repeated. */
export interface GraphGet {
  get(graphUrl: string, path: string, token: string): Promise<Told>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

export interface GraphGetParts {
  readonly timeoutMs?: number
  /** Of one answer. */
  readonly mostBytes?: number
}

export type Told =
  | { readonly is: 'told'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly is: 'lost'; readonly code: string }

const MOST_BODY = 65_536
/** These are background requests: few connections suffice, and leave the sockets to the sends. */
const MOST_CONNECTIONS = 8

export function createGraphGet({ timeoutMs = 10_000, mostBytes = MOST_BODY }: GraphGetParts = {}): GraphGet {
  const agent = graphAgent(mostBytes)
  return {
    get: (graphUrl, path, token) => ask(agent, `${graphUrl.replace(/\/+$/, '')}/${path}`, { token, timeoutMs }),
    close: () => agent.destroy(),
  }
}

export function graphAgent(mostBytes = MOST_BODY): Agent {
  return new Agent({ connections: MOST_CONNECTIONS, maxResponseSize: mostBytes })
}

/** Fits a header, where `ask` puts it. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}

export interface Asking {
  readonly method?: 'GET' | 'POST'
  /** Null where the request is not made by the owner of a token. */
  readonly token: string | null
  readonly timeoutMs: number
}

/** Never rejects. */
export async function ask(agent: Agent, url: string, { method = 'GET', token, timeoutMs }: Asking): Promise<Told> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await request(agent, url, { method, headers, signal })
    return { is: 'told', status: answer.statusCode, headers: answer.headers, body: await answer.body.text() }
  } catch (error) {
    return { is: 'lost', code: codeOf(error as Error) }
  }
}
