import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, type Redis } from 'ioredis'
import type { Log } from '../../engine/ports.js'

/**
 * Logs each change of the connection's state once, with the reason from Redis or the network, never with credentials.
 */
export interface ConnectionLog {
  follow(client: Redis | Cluster): void
  /** A write was refused, since the server is a replica: the connection is about to be closed and opened anew. */
  readOnly(error: Error): void
}

const ASK_FOR_ROLE_EVERY_MS = 500

export function createConnectionLog(shown: string, log: Log): ConnectionLog {
  let followed: Redis | Cluster | undefined
  let state: 'new' | 'up' | 'down' | 'replica' = 'new'
  let isWatching = false

  function up(): void {
    state = 'up'
    log.info({ redis: shown }, 'connected to Redis')
  }

  function down(what: string, reason?: string): void {
    if (state === 'down') return
    state = 'down'
    log.warn({ redis: shown, reason }, what)
  }

  /** A replica that becomes a master keeps its connections: nothing but its role tells. */
  async function watchRole(client: Redis | Cluster): Promise<void> {
    // A connection that comes and goes would have each time one more ask.
    if (isWatching) return
    isWatching = true
    while (state === 'replica' && client.status !== 'end') {
      await sleep(ASK_FOR_ROLE_EVERY_MS, undefined, { ref: false })
      // Fails too where the user may not ask: then the next loss is told, and not the way back.
      const text = await client.info('replication').catch(() => '')
      if (state === 'replica' && text.includes('role:master')) up()
    }
    isWatching = false
  }

  return {
    follow(client) {
      followed = client
      if (client instanceof Cluster) followServers(client, log)
      client.on('ready', () => {
        // The client opens the connection anew each second, to look for the master.
        if (state !== 'replica') up()
      })
      client.on('error', (error: Error & { readonly lastNodeError?: Error }) =>
        down('cannot reach Redis, trying again', (error.lastNodeError ?? error).message),
      )
      client.on('close', () =>
        setImmediate(() => {
          // Only after the close event is it known whether this process closed it.
          if (client.status !== 'end' && state !== 'replica') down('connection to Redis lost, trying again')
        }),
      )
      client.on('end', () => log.info({ redis: shown }, 'connection to Redis closed'))
    },
    readOnly({ message }) {
      if (state === 'replica') return
      state = 'replica'
      log.warn({ redis: shown, reason: message }, 'this Redis is a replica and takes no writes, looking for its master')
      void watchRole(followed!)
    },
  }
}

/** The client of a cluster that has lost one of its servers is still connected. */
function followServers(cluster: Cluster, log: Log): void {
  const lost = new Set<string>()
  cluster.on('node error', ({ message }: Error, server: string) => {
    if (!lost.has(server)) {
      log.warn({ redis: server, reason: message }, 'cannot reach a server of the cluster, trying again')
    }
    lost.add(server)
  })
  cluster.on('+node', (node: Redis) => {
    const server = `${node.options.host}:${node.options.port}`
    node.on('ready', () => {
      if (lost.delete(server)) log.info({ redis: server }, 'connected to the server of the cluster again')
    })
  })
}
