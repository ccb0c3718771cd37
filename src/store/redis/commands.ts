import { RouterError } from '../../engine/ports.js'
import type { Client } from './connect.js'
import { CLAIM, COMMIT } from './scripts.js'

/** The commands that the store uses, with what may go wrong turned into what the engine knows. */
export interface Commands {
  commit(keys: readonly string[], args: readonly string[]): Promise<readonly [number, (string | null)?]>
  claim(key: string, limit: number, leaseMs: number, keyStart: string): Promise<readonly string[]>
  get(key: string): Promise<string | null>
  isMember(key: string, member: string): Promise<boolean>
  range(key: string, from: number, to: number): Promise<string[]>
  /** Members with their scores, the highest first. */
  rangeByScore(key: string, highest: string, count: number): Promise<string[]>
  /** The same, the lowest first, up to a score. */
  oldest(key: string, highest: number, count: number): Promise<string[]>
  drop(key: string, member: string): Promise<void>
  setOnce(key: string, value: string): Promise<void>
  setField(key: string, field: string, value: string): Promise<void>
  fields(key: string): Promise<Record<string, string>>
  time(): Promise<readonly [string | number, string | number]>
  ping(): Promise<void>
  close(): void
}

interface Scripted {
  mrCommit(...args: readonly string[]): Promise<readonly [number, (string | null)?]>
  mrClaim(...args: readonly (string | number)[]): Promise<readonly string[]>
}

export function withCommands(client: Client): Commands {
  client.defineCommand('mrCommit', { numberOfKeys: 7, lua: COMMIT })
  client.defineCommand('mrClaim', { numberOfKeys: 1, lua: CLAIM })
  const scripted = client as unknown as Scripted

  return {
    commit: (keys, args) => told(scripted.mrCommit(...keys, ...args)),
    claim: (key, limit, leaseMs, keyStart) => told(scripted.mrClaim(key, limit, leaseMs, keyStart)),
    get: (key) => told(client.get(key)),
    isMember: async (key, member) => (await told(client.sismember(key, member))) === 1,
    range: (key, from, to) => told(client.lrange(key, from, to)),
    rangeByScore: (key, highest, count) =>
      told(client.zrevrangebyscore(key, highest, '-inf', 'WITHSCORES', 'LIMIT', 0, count)),
    oldest: (key, highest, count) => told(client.zrangebyscore(key, '-inf', highest, 'WITHSCORES', 'LIMIT', 0, count)),
    drop: async (key, member) => void (await told(client.zrem(key, member))),
    setOnce: async (key, value) => void (await told(client.setnx(key, value))),
    setField: async (key, field, value) => void (await told(client.hset(key, field, value))),
    fields: (key) => told(client.hgetall(key)),
    time: async () => {
      const [seconds, microseconds] = await told(client.time())
      return [seconds!, microseconds!]
    },
    ping: async () => void (await told(client.ping())),
    close: () => client.disconnect(),
  }
}

async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : ''
    // The server checks for memory before a script's first write: nothing of it has happened.
    if (text.includes('OOM '))
      throw new RouterError('store_full', 'Redis is out of memory; raise maxmemory.', { cause })
    throw new RouterError('store_unavailable', 'The store is out of reach; please try again.', { cause })
  }
}
