import { Redis, type RedisOptions } from 'ioredis'

/**
 * Has the client look for the master anew when a sentinel tells of another one. After a failover that somebody asked for,
 * the old master is alive, and takes writes that are lost, until the sentinels make it a replica some ten seconds later.
 */

const SWITCHED = '+switch-master'
/** A stop does not wait for a sentinel that hangs. */
const DISCONNECT_MS = 100

export function followMaster(
  client: Redis,
  name: string,
  sentinels: readonly { readonly host: string; readonly port: number }[],
  options: Omit<RedisOptions, 'replyMapping'>,
): void {
  const lines = sentinels.map((sentinel) => {
    const line = new Redis({
      ...options,
      ...sentinel,
      enableReadyCheck: false,
      maxRetriesPerRequest: null,
      disconnectTimeout: DISCONNECT_MS,
    })
    // The others tell it as well.
    line.on('error', () => {})
    line.on('message', (_channel: string, switched: string) => {
      // Each sentinel tells it once it knows: whichever is asked about the master, the last one is right. A client that
      // looks for the master already would end.
      if (switched.startsWith(`${name} `) && client.status === 'ready') client.disconnect(true)
    })
    line.subscribe(SWITCHED).catch(() => {})
    return line
  })
  client.once('end', () => {
    for (const line of lines) line.disconnect()
  })
}
