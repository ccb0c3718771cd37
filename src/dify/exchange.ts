import type { IncomingHttpHeaders } from 'node:http'
import type { Agent, Dispatcher } from 'undici'
import type { Assistant } from '../conversation/channel.js'

/** One request and its answer, byte by byte as they come: nothing waits for a body's end that need not. */
export interface Exchange {
  /** Closes the connection, or has the request never leave. The listener hears no more. */
  close(): void
  /** Whether the request may have left. */
  readonly isSent: boolean
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below the assistant's own address; whatever came from elsewhere is encoded in it. */
  readonly path: string
  /** JSON, unless it is bytes of a type of their own. */
  readonly body: object | { readonly type: string; readonly bytes: Buffer } | null
  /** The trace that it goes on. */
  readonly traceparent?: string | null | undefined
  /** Asked right before the first byte leaves, which it does not where this says false. */
  readonly mayLeave?: (() => boolean) | undefined
}

export interface Listener {
  onHead(status: number, headers: IncomingHttpHeaders): void
  onData(chunk: Buffer): void
  onEnd(): void
  /** The connection failed, or could not be made: then the request was not sent. May come before `exchange` returns. */
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
        // Told when the connection stands and before a byte is written: a request given up meanwhile never leaves.
        if (isClosed) started.abort(new Error('closed'))
        // Unlike an abort this keeps the connection, which may have been what took so long.
        else if (request.mayLeave?.() === false) throw new Error('may not leave')
        else controller = started
      },
      onResponseStart(_, status, headers) {
        // The likes of 103 come before the answer.
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
