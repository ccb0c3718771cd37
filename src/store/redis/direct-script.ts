import { createHash } from 'node:crypto'
import { Command } from 'ioredis'
import type { Client } from './connect.js'

/**
 * Calls a script with many arguments, by its hash. The scripts that ioredis defines copy their arguments one by one by
 * `flat`, which takes as long as sending them. The first argument is the number of keys.
 */
export function createDirectScript(
  client: Client,
  lua: string,
): (args: readonly string[]) => Promise<readonly unknown[]> {
  const hash = createHash('sha1').update(lua).digest('hex')

  function send(name: 'evalsha' | 'eval', script: string, args: readonly string[]): Promise<readonly unknown[]> {
    const command = new Command(name, [], { replyEncoding: 'utf8' })
    command.args = [script, ...args]
    return client.sendCommand(command) as Promise<readonly unknown[]>
  }

  return (args) =>
    send('evalsha', hash, args).catch((error: Error) => {
      if (!error.message.startsWith('NOSCRIPT')) throw error
      return send('eval', lua, args)
    })
}
