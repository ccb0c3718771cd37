import { Redis } from 'ioredis'
import type { Client } from './connect.js'

/**
 * Makes the commands of one turn of the event loop one write to the socket, since a write costs as much as building
 * several commands. To be called before a command that need not be sent before the turn's other events were handled. In a
 * cluster each command is written by itself.
 */
export function createOneWrite(client: Client): () => void {
  let isCorked = false

  return () => {
    if (isCorked || !(client instanceof Redis)) return
    // Undefined while there is no connection; then the command fails at once.
    const { stream } = client as { readonly stream?: Redis['stream'] }
    if (stream === undefined) return
    isCorked = true
    stream.cork()
    // After the sockets that can be read in this turn; on a stream that was destroyed meanwhile it does nothing.
    setImmediate(() => {
      isCorked = false
      stream.uncork()
    })
  }
}
