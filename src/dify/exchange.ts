import type { IncomingHttpHeaders } from 'node:http'
import type { Agent, Dispatcher } from 'undici'
import type { Assistant } from '../conversation/channel.js'

/** One HTTP exchange whose response is passed on chunk by chunk. */
export interface Exchange {
  /** Closes the connection, or prevents the request from being sent. No callback follows. */
  close(): void
  /** Whether the request may have been sent. */
  readonly isSent: boolean
}

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

export interface Listener {
  onHead(status: number, headers: IncomingHttpHeaders): void
  onData(chunk: Buffer): void
  onEnd(): void
  /**
   * The connection failed, or was never made, in which case nothing was sent. May be called before `exchange`
   * returns.
   */
  onFailure(error: Error, isSent: boolean): void
}

export function exchange(agent: Agent, assistant: Assistant, request: Request, listener: Listener): Exchange {
  const { origin, pathname } = new URL(assistant.url)
  const payload = payloadOf(request.body)
  let controller: Dispatcher.DispatchController | null = null
  let isClosed = false
  agent.dispatch(
    {
      origin,
      path: pathname.replace(/\/+$/, '') + request.path,
      method: request.method,
      headers: {
        authorization: `Bearer ${assistant.key}`,
        ...(payload === null ? {} : { 'content-type': payload.type }),
        ...(request.traceparent ? { traceparent: request.traceparent } : {}),
      },
      body: payload?.content ?? null,
    },
    {
      onRequestStart(started) {
        // Called when the connection is open and nothing is written yet: a request closed meanwhile is never sent.
        if (isClosed) started.abort(new Error('closed'))
        // Unlike an abort this keeps the connection open, whose setup may have been the slow part.
        else if (request.mayLeave?.() === false) throw new Error('may not leave')
        else controller = started
      },
      onResponseStart(_, status, headers) {
        // Ignores informational responses such as 103.
        if (!isClosed && status >= 200) listener.onHead(status, headers)
      },
      onResponseData(_, chunk) {
        if (!isClosed) listener.onData(chunk)
      },
      onResponseEnd() {
        if (!isClosed) listener.onEnd()
      },
      onResponseError(_, error) {
        if (!isClosed) listener.onFailure(error, controller !== null)
      },
    },
  )
  return {
    close() {
      isClosed = true
      controller?.abort(new Error('closed'))
    },
    get isSent() {
      return controller !== null
    },
  }
}

function payloadOf(body: Request['body']): { readonly type: string; readonly content: string | Buffer } | null {
  if (body === null) return null
  if ('bytes' in body) return { type: body.type, content: body.bytes }
  return { type: 'application/json', content: JSON.stringify(body) }
}
