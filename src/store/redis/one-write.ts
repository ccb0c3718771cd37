import { Redis } from 'ioredis'
import type { Client } from './connect.js'

/**
 * Writes the commands of one turn of the event loop to the socket at once, since a write costs as much as building
 * several commands. Called before a command that may wait for the end of the turn. In a cluster each command is still
 * written by itself.
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
    // Runs after the turn's readable sockets were handled; does nothing on a stream that was destroyed meanwhile.
    setImmediate(() => {
      isCorked = false
      stream.uncork()
    })
  }
}
