import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** Time for the client to read the answer and close; after that the connection is closed here. */
const LINGER_MS = 1_000

/** Answers malformed HTTP in the shape of all other errors, and closes the connection. */
export function answerNotHttp(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const { status, message } = FAILURES.get(error.code) ?? { status: 400, message: 'This is not HTTP/1.1.' }
  const body = JSON.stringify({ status: 'error', code: 'bad_request', message })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

const FAILURES: ReadonlyMap<string | undefined, { readonly status: number; readonly message: string }> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, message: 'The address and the headers are too long; use the body.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, message: 'The request did not come to its end in time.' }],
])
