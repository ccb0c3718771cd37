import type { SharedCounters } from '../../engine/ports.js'
import type { Client } from './connect.js'
import { namedScript } from './named-script.js'

/** Adds to a counter, whose window the first addition begins. Returns {its sum, until the end of its window}. */
const ADD = namedScript(
  ['counter'],
  ['many', 'windowMs'],
  `
local sum = redis.call('INCRBY', KEYS.counter, ARGV.many)
if sum == tonumber(ARGV.many) then redis.call('PEXPIRE', KEYS.counter, ARGV.windowMs) end
return {sum, redis.call('PTTL', KEYS.counter)}
`,
)

export function createCounters(client: Client, prefix: string): SharedCounters {
  client.defineCommand('mrAdd', { numberOfKeys: 1, lua: ADD })
  const { mrAdd } = client as unknown as {
    mrAdd(key: string, many: number, windowMs: number): Promise<readonly [sum: number, leftMs: number]>
  }
  return {
    async add(key, many, windowMs) {
      const [sum, leftMs] = await mrAdd.call(client, `${prefix}:limit:${key}`, many, windowMs)
      return { sum, leftMs }
    },
  }
}
