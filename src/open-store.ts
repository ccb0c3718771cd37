import { randomBytes } from 'node:crypto'
import type { Config } from './config.js'
import { GIVE_BACK_MS } from './conversation/state/lifetimes.js'
import type { Log, Store } from './engine/ports.js'
import { REAL_TIMERS, type Timers } from './engine/timers.js'
import { memoryLimits } from './store/memory/limits.js'
import { createMemoryStore } from './store/memory/store.js'
import type { Client } from './store/redis/connect.js'

/** The store that the settings ask for; nobody behind this knows which one it is. */
export interface OpenedStore {
  readonly store: Store
  /** Where counters stand that all replicas share, null where there is nobody to share with. */
  readonly shared: { readonly redis: Client; readonly nameSpace: string } | null
  /** The channels of the settings are others now. */
  reload(config: Pick<Config, 'channels'>): void
}

/** Handed in, so that a test decides what time it is. */
export interface Clock {
  now(): number
  readonly timers: Timers
}

const SWEEP_EVERY_MS = 250

const LONGEST_FEED_MS = 24 * 3_600_000
const SHORTEST_FEED_MS = 15 * 60_000

export async function openStore(
  config: Pick<Config, 'store' | 'channels'>,
  heapLimitBytes: number,
  log: Log,
  { now, timers }: Clock = { now: Date.now, timers: REAL_TIMERS },
  onForeign: (message: string) => void = (message) => log.error({}, message),
): Promise<OpenedStore> {
  const feedLifeMs = feedLife(config)
  if (config.store.is === 'redis') {
    // Its client takes a process that needs none a tenth of a second and twenty megabytes.
    const [{ connect }, { warnOfEviction }, { createRedisStore }] = await Promise.all([
      import('./store/redis/connect.js'),
      import('./store/redis/eviction.js'),
      import('./store/redis/store.js'),
    ])
    const redis = connect(config.store.url, log)
    warnOfEviction(redis, log)
    const processId = randomBytes(8).readBigUInt64BE().toString(36).padStart(9, '0').slice(-9)
    const store = createRedisStore({
      client: redis,
      prefix: config.store.prefix,
      processId,
      now,
      feedLifeMs,
      onForeign,
    })
    return { store, shared: { redis, nameSpace: `${config.store.prefix}:limit:` }, reload: () => {} }
  }
  const memory = createMemoryStore({
    now,
    limits: memoryLimits(heapLimitBytes),
    seed: randomBytes(4).readInt32LE(),
    restsAfterMs: longestLookBack(config),
    feedLifeMs,
  })
  const stopSweeping = timers.every(SWEEP_EVERY_MS, () => memory.sweep())
  log.warn(
    { store: 'memory' },
    'state is kept in memory: a restart forgets pauses, flags and history; set REDIS_URL to keep them',
  )
  const store: Store = {
    ...memory,
    close() {
      stopSweeping()
      return memory.close()
    },
  }
  return { store, shared: null, reload: (changed) => memory.restAfter(longestLookBack(changed)) }
}

/** The feed is no second history, and where the history is short, no longer one. A moment's absence it bridges always. */
function feedLife({ channels }: Pick<Config, 'channels'>): number {
  const histories = [...channels.values()].map(({ policy }) => policy.historyTtlMs)
  return Math.min(LONGEST_FEED_MS, Math.max(SHORTEST_FEED_MS, ...histories))
}

function longestLookBack({ channels }: Pick<Config, 'channels'>): number {
  const policies = [...channels.values()].map(({ policy }) => policy)
  return Math.max(GIVE_BACK_MS, ...policies.flatMap(({ echoTtlMs, repeatWindowMs }) => [echoTtlMs, repeatWindowMs]))
}
