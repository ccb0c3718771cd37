import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Agent } from './undici.js'

/**
 * One HTTP exchange whose response is passed on chunk by chunk. Uses undici's `dispatch` because `request` does not
 * reveal whether a failed request had been started, which decides whether it may be repeated.
 */
export interface Exchange {
  /** Closes the connection, or prevents the request from being sent. No callback follows. */
  close(): void
  /** Whether the request may have been sent. */
  readonly isSent: boolean
}

export interface ExchangeRequest {
  readonly url: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | null
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

export function exchange(agent: Agent, request: ExchangeRequest, listener: Listener): Exchange {
  const { origin, pathname, search } = new URL(request.url)
  const { method, headers, body } = request
  let controller: Dispatcher.DispatchController | null = null
  let isClosed = false
  agent.dispatch(
    { origin, path: pathname + search, method, headers, body },
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

/** Never the error's text, which may hold data that must not be logged. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
