import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/**
 * What to do with the body of a request that is refused before it is read. A body in pieces of one byte costs Node a
 * callback for each, so nothing more is taken in while the refusal is under way.
 */
export function stopReading({ complete, socket }: IncomingMessage): void {
  if (!complete && socket instanceof Socket) socket.pause()
}

/** Node reads on to what may be the next request; not after the answer to one that ends its connection. */
export function readOn({ socket }: IncomingMessage): void {
  if (socket instanceof Socket) socket.resume()
}

/** Of a body without a length nobody knows how long reading on would take. */
export function isEndless({ complete, headers }: IncomingMessage): boolean {
  return !complete && headers['transfer-encoding'] !== undefined
}
