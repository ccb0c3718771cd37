import type { Assistant } from '../conversation/channel.js'
import { type Exchange, exchange, type Listener } from '../exchange.js'
import type { Agent } from '../undici.js'

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Relative to the assistant's base URL; values from elsewhere are URL-encoded in it. */
  readonly path: string
  /** JSON, or bytes of another content type. */
  readonly body: object | { readonly type: string; readonly bytes: Buffer } | null
  /** The trace that the request continues. */
  readonly traceparent?: string | null | undefined
  /** Called right before the first byte is written; false prevents the request. */
  readonly mayLeave?: (() => boolean) | undefined
}

/** One exchange with an assistant. */
export function askDify(agent: Agent, assistant: Assistant, request: Request, listener: Listener): Exchange {
  const payload = payloadOf(request.body)
  const headers = {
    authorization: `Bearer ${assistant.key}`,
    ...(payload === null ? {} : { 'content-type': payload.type }),
    ...(request.traceparent ? { traceparent: request.traceparent } : {}),
  }
  const { method, path, mayLeave } = request
  const { origin, pathname } = new URL(assistant.url)
  const url = origin + pathname.replace(/\/+$/, '') + path
  return exchange(agent, { url, method, headers, body: payload?.content ?? null, mayLeave }, listener)
}

function payloadOf(body: Request['body']): { readonly type: string; readonly content: string | Buffer } | null {
  if (body === null) return null
  if ('bytes' in body) return { type: body.type, content: body.bytes }
  return { type: 'application/json', content: JSON.stringify(body, storable) }
}

/**
 * Dify's database takes no zero character and no half of a surrogate pair: it would answer 500, and the question would
 * stay without an answer.
 */
function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value
}
