import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/**
 * Stops reading the body of a refused request. A body in one-byte chunks costs a callback for each, so nothing more
 * is read while the refusal is sent.
 */
export function stopReading({ complete, socket }: IncomingMessage): void {
  if (!complete && socket instanceof Socket) socket.pause()
}

/** Node reads on to the next request of the connection; not called when the answer closes the connection. */
export function readOn({ socket }: IncomingMessage): void {
  if (socket instanceof Socket) socket.resume()
}

/** A body without a length may never end, so that reading it to the end is not an option. */
export function isEndless({ complete, headers }: IncomingMessage): boolean {
  return !complete && headers['transfer-encoding'] !== undefined
}
