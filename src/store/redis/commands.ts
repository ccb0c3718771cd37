import { Cluster } from 'ioredis'
import { RouterError } from '../../engine/ports.js'
import { type CommitTogether, createCommitBatches } from './commit-batches.js'
import { COMMIT } from './commit-script.js'
import type { Client } from './connect.js'
import { createDirectScript } from './direct-script.js'
import { LIST, RELIST } from './list-scripts.js'
import { ANNOUNCE, END_LEASE, LEASE } from './notification-scripts.js'
import { CLAIM, ERASE, FEED, PAGE, REPLACE, SLOT, TRY } from './scripts.js'

/** The Redis commands that the store uses, with errors translated into the engine's. */
export interface Commands {
  readonly commit: CommitTogether
  claim(
    key: string,
    limit: number,
    leaseMs: number,
    keyStart: string,
  ): Promise<readonly [time: string, next: string, ...ids: string[]]>
  page(
    keys: readonly [history: string, state: string],
    args: readonly [before: number | '', after: number | '', limit: number, since: number],
  ): Promise<readonly [value: string, ...messages: string[]]>
  list(
    keys: readonly string[],
    args: readonly [highest: string, count: number, beginning: string, dueLists: number, dueBy: number, prefix: string],
  ): Promise<
    readonly [isGathered: 0] | readonly [isGathered: 1, endId: string, endAt: string, ...found: (string | number)[]]
  >
  relist(
    keys: readonly string[],
    args: readonly [id: string, version: string, list: number | '', place: number, foundBy: string],
  ): Promise<void>
  erase(keys: readonly string[], id: string, entriesStart: string, feedLifeMs: number): Promise<void>
  feed(
    keys: readonly string[],
    args: readonly [from: string, after: string, limit: number, entriesStart: string],
  ): Promise<readonly [newest: string, first: string, length: number, cutAt: string, ...entries: string[]]>
  /** Feed entries with their texts, newest first, starting at `from` ('+' for the newest). */
  feedBack(key: string, from: string, count: number): Promise<readonly (readonly [id: string, text: string])[]>
  /** Trims entries older than `before`, and renews the stream's expiry. */
  trimFeed(key: string, before: number, lifeMs: number): Promise<void>
  slot(key: string, most: number, windowMs: number, earliest: number): Promise<string>
  get(key: string): Promise<string | null>
  exists(key: string): Promise<boolean>
  isMember(key: string, member: string): Promise<boolean>
  /** Members with their scores in (above, highest], lowest first. */
  oldest(key: string, above: number, highest: number, count: number): Promise<string[]>
  size(key: string): Promise<number>
  /** The number of members with at most that score, and of all. */
  counts(key: string, highest: number): Promise<readonly [upTo: number, all: number]>
  /** Changes the score of an existing member. */
  setScore(key: string, score: number, member: string): Promise<void>
  drop(keys: readonly string[]): Promise<void>
  setOnce(key: string, value: string): Promise<void>
  /** Sets the value if it is still `expected`, null for none; false if it is not. */
  replace(key: string, expected: string | null, value: string): Promise<boolean>
  /** Sets a key with an expiry. */
  setForAWhile(key: string, value: string, lifeMs: number): Promise<void>
  /** Reads and deletes a key. */
  take(key: string): Promise<string | null>
  setField(key: string, field: string, value: string): Promise<void>
  fields(key: string): Promise<Record<string, string>>
  field(key: string, field: string): Promise<string | null>
  /** Stream entries after an id, each with its single value. */
  stream(key: string, after: string, limit: number): Promise<readonly (readonly [id: string, value: string])[]>
  streamValue(key: string, id: string): Promise<string | null>
  removeFromStream(key: string, ids: readonly string[]): Promise<void>
  announce(
    keys: readonly string[],
    channelId: string,
    isConnected: string,
    notifications: readonly string[],
  ): Promise<void>
  lease(key: string, holder: string, lifeMs: number): Promise<boolean>
  endLease(key: string, holder: string): Promise<void>
  /** The server's time in milliseconds. */
  time(): Promise<number>
  /** Fails where a commit would fail; changes nothing. */
  tryToWrite(key: string, channel: string): Promise<void>
  close(): void
}

type Scripted = Record<
  | 'mrClaim'
  | 'mrPage'
  | 'mrList'
  | 'mrRelist'
  | 'mrSlot'
  | 'mrReplace'
  | 'mrTry'
  | 'mrErase'
  | 'mrFeed'
  | 'mrAnnounce'
  | 'mrLease'
  | 'mrEndLease',
  (...args: unknown[]) => Promise<never>
>

export function withCommands(client: Client): Commands {
  client.defineCommand('mrClaim', { numberOfKeys: 1, lua: CLAIM })
  client.defineCommand('mrPage', { numberOfKeys: 2, lua: PAGE })
  client.defineCommand('mrList', { lua: LIST })
  client.defineCommand('mrRelist', { lua: RELIST })
  client.defineCommand('mrSlot', { numberOfKeys: 1, lua: SLOT })
  client.defineCommand('mrReplace', { numberOfKeys: 1, lua: REPLACE })
  client.defineCommand('mrTry', { numberOfKeys: 1, lua: TRY })
  client.defineCommand('mrErase', { lua: ERASE })
  client.defineCommand('mrFeed', { numberOfKeys: 2, lua: FEED })
  client.defineCommand('mrAnnounce', { numberOfKeys: 2, lua: ANNOUNCE })
  client.defineCommand('mrLease', { numberOfKeys: 1, lua: LEASE })
  client.defineCommand('mrEndLease', { numberOfKeys: 1, lua: END_LEASE })
  const scripts = client as unknown as Scripted

  return {
    commit: createCommitBatches({
      run: createDirectScript(client, COMMIT),
      isCluster: client instanceof Cluster,
      errorOf: knownError,
    }),
    claim: (key, limit, leaseMs, keyStart) => withKnownErrors(scripts.mrClaim(key, limit, leaseMs, keyStart)),
    page: (keys, args) => withKnownErrors(scripts.mrPage(...keys, ...args)),
    list: (keys, args) => withKnownErrors(scripts.mrList(keys.length, ...keys, ...args)),
    relist: (keys, args) => withKnownErrors(scripts.mrRelist(keys.length, ...keys, ...args)),
    erase: (keys, id, entriesStart, feedLifeMs) =>
      withKnownErrors(scripts.mrErase(keys.length, ...keys, id, entriesStart, feedLifeMs)),
    feed: (keys, args) => withKnownErrors(scripts.mrFeed(...keys, ...args)),
    async feedBack(key, from, count) {
      const entries = await withKnownErrors(client.xrevrange(key, from, '-', 'COUNT', count))
      return entries.map(([id, fields]) => [id, fields[1]!] as const)
    },
    async trimFeed(key, before, lifeMs) {
      await Promise.all([
        withKnownErrors(client.xtrim(key, 'MINID', before)),
        withKnownErrors(client.pexpire(key, lifeMs)),
      ])
    },
    slot: (key, most, windowMs, earliest) => withKnownErrors(scripts.mrSlot(key, most, windowMs, earliest)),
    get: (key) => withKnownErrors(client.get(key)),
    exists: async (key) => (await withKnownErrors(client.exists(key))) === 1,
    isMember: async (key, member) => (await withKnownErrors(client.sismember(key, member))) === 1,
    oldest: (key, above, highest, count) =>
      withKnownErrors(client.zrangebyscore(key, `(${above}`, highest, 'WITHSCORES', 'LIMIT', 0, count)),
    counts: (key, highest) =>
      Promise.all([withKnownErrors(client.zcount(key, '-inf', highest)), withKnownErrors(client.zcard(key))]),
    size: (key) => withKnownErrors(client.zcard(key)),
    setScore: async (key, score, member) => void (await withKnownErrors(client.zadd(key, 'XX', score, member))),
    drop: async (keys) => void (await withKnownErrors(client.unlink(...keys))),
    setOnce: async (key, value) => void (await withKnownErrors(client.setnx(key, value))),
    replace: async (key, expected, value) =>
      (await withKnownErrors<number>(scripts.mrReplace(key, expected ?? '', value))) === 1,
    setForAWhile: async (key, value, lifeMs) =>
      void (await withKnownErrors(client.set(key, value, 'PX', lifeMs, 'NX'))),
    take: (key) => withKnownErrors(client.getdel(key)),
    setField: async (key, field, value) => void (await withKnownErrors(client.hset(key, field, value))),
    fields: (key) => withKnownErrors(client.hgetall(key)),
    field: (key, field) => withKnownErrors(client.hget(key, field)),
    async stream(key, after, limit) {
      const entries = await withKnownErrors(client.xrange(key, `(${after}`, '+', 'COUNT', limit))
      return entries.map(([id, fields]) => [id, fields[1]!] as const)
    },
    streamValue: async (key, id) => (await withKnownErrors(client.xrange(key, id, id)))[0]?.[1][1] ?? null,
    removeFromStream: async (key, ids) => void (await withKnownErrors(client.xdel(key, ...ids))),
    announce: (keys, channelId, isConnected, notifications) =>
      withKnownErrors(scripts.mrAnnounce(...keys, channelId, isConnected, ...notifications)),
    lease: async (key, holder, lifeMs) => (await withKnownErrors<number>(scripts.mrLease(key, holder, lifeMs))) === 1,
    endLease: (key, holder) => withKnownErrors(scripts.mrEndLease(key, holder)),
    time: async () => {
      const [seconds, microseconds] = await withKnownErrors(client.time())
      return Number(seconds) * 1000 + Number(microseconds) / 1000
    },
    tryToWrite: (key, channel) => withKnownErrors(scripts.mrTry(key, channel)),
    close: () => client.disconnect(),
  }
}

function withKnownErrors<T>(answer: Promise<T>): Promise<T> {
  return answer.catch(throwKnown)
}

function throwKnown(cause: unknown): never {
  throw knownError(cause)
}

function knownError(cause: unknown): RouterError {
  const text = cause instanceof Error ? cause.message : ''
  // The server checks its memory before a script's first write, so that nothing of the script was done.
  if (text.includes('OOM ')) return new RouterError('store_full', 'Redis is out of memory; raise maxmemory.', { cause })
  return new RouterError('store_unavailable', 'The store is out of reach; please try again.', { cause })
}
