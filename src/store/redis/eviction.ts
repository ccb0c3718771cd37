import type { Log } from '../../engine/ports.js'
import type { Client } from './connect.js'

/** Warns, at each connection, of a Redis that evicts keys: it would drop pauses and flags silently. */
export function warnOfEviction(client: Client, log: Log): void {
  client.on('ready', () => {
    client.info('memory').then(
      (text) => {
        const policy = /^maxmemory_policy:(\S+)/m.exec(text)?.[1]
        if (/^maxmemory:[1-9]/m.test(text) && policy !== 'noeviction') {
          log.warn(
            { maxmemory_policy: policy },
            'Redis will drop pauses and flags when its memory is full: set its maxmemory-policy to noeviction',
          )
        }
      },
      // The user may lack permission to ask; the connection itself is watched elsewhere.
      () => {},
    )
  })
}
