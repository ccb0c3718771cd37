import type { Log } from '../../engine/ports.js'
import type { Client } from './connect.js'

/** A Redis that makes room by itself drops pauses and flags, and nobody hears of it: said with each connection. */
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
      // Not everybody may ask; and whether it is there is watched elsewhere.
      () => {},
    )
  })
}
