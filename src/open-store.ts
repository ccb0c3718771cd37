import { randomBytes } from 'node:crypto'
import type { Config } from './config.js'
import { GIVE_BACK_MS } from './conversation/state/lifetimes.js'
import type { Heirs, Log, SharedCounters, Store } from './engine/ports.js'
import { REAL_TIMERS, type Timers } from './engine/timers.js'
import { memoryLimits } from './store/memory/limits.js'
import { createMemoryStore } from './store/memory/store.js'

/** The store that the settings choose; its users do not know which one it is. */
export interface OpenedStore {
  readonly store: Store
  /** The size of the database file; null for a store without one. */
  readonly fileBytes: () => number | null
  /** Counters for the rate limits, which all replicas share; null when there is only one process. */
  readonly shared: SharedCounters | null
  readonly heirs: Heirs
  /** Called after the channels of the settings were reloaded. */
  reload(config: Pick<Config, 'channels'>): void
}

export interface StoreMeter {
  /** Records the duration of a transaction of the file store. */
  stored(ms: number): void
}

/** An argument, so that tests control the time. */
export interface Clock {
  now(): number
  readonly timers: Timers
}

/** A sweep of the memory store is a millisecond of work at the most. */
const SWEEP_MEMORY_EVERY_MS = 50
const TIDY_FILE_EVERY_MS = 250
const MOVE_LOG_EVERY_MS = 1_000
/** Days of a small shop's messages, an hour of a busy one's; about 100 MB of the file. */
const MOST_FEED_ENTRIES = 200_000

const LONGEST_FEED_MS = 24 * 3_600_000
const SHORTEST_FEED_MS = 15 * 60_000

export async function openStore(
  config: Pick<Config, 'store' | 'channels'>,
  heapLimitBytes: number,
  log: Log,
  meter: StoreMeter,
  clock: Clock = { now: Date.now, timers: REAL_TIMERS },
  onForeign: (message: string) => void = (message) => log.error({}, message),
): Promise<OpenedStore> {
  const { now, timers } = clock
  const feedLifeMs = feedLife(config)
  if (config.store.is === 'sqlite') {
    return openSqliteStore(config, config.store, feedLifeMs, log, meter, clock)
  }
  if (config.store.is === 'redis') {
    // Loaded only when used: the Redis client costs a tenth of a second and 20 MB at start.
    const [{ connect, firstConnection }, { createCounters }, { warnOfEviction }, { createRedisStore }] =
      await Promise.all([
        import('./store/redis/connect.js'),
        import('./store/redis/counters.js'),
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
      timers,
      feedLifeMs,
      onForeign,
    })
    await firstConnection(redis, timers)
    const shared = createCounters(redis, config.store.prefix)
    return { store, fileBytes: noFile, shared, heirs: 'others', reload: () => {} }
  }
  const memory = createMemoryStore({
    now,
    limits: memoryLimits(heapLimitBytes),
    seed: randomBytes(4).readInt32LE(),
    restsAfterMs: longestLookBack(config),
    feedLifeMs,
  })
  const stopSweeping = timers.every(SWEEP_MEMORY_EVERY_MS, () => memory.sweep())
  log.warn(
    { store: 'memory' },
    'state is kept in memory: a restart forgets pauses, flags and history; set DATA_DIR (one process) or REDIS_URL to keep them',
  )
  const store: Store = {
    ...memory,
    close() {
      stopSweeping()
      return memory.close()
    },
  }
  const reload = (changed: Pick<Config, 'channels'>) => memory.restAfter(longestLookBack(changed))
  return { store, fileBytes: noFile, shared: null, heirs: 'nobody', reload }
}

async function openSqliteStore(
  config: Pick<Config, 'channels'>,
  { directory, sync }: Extract<Config['store'], { is: 'sqlite' }>,
  feedLifeMs: number,
  log: Log,
  meter: StoreMeter,
  { now, timers }: Clock,
): Promise<OpenedStore> {
  const [{ openDatabase }, { createSqliteStore }, { createFailureLog }] = await Promise.all([
    import('./store/sqlite/open-database.js'),
    import('./store/sqlite/store.js'),
    import('./store/sqlite/failure-log.js'),
  ])
  const opened = await openDatabase(directory, sync)
  const failures = createFailureLog(log)
  let { channels } = config
  const sqlite = createSqliteStore({
    opened,
    now,
    feedLifeMs,
    mostFeedEntries: MOST_FEED_ENTRIES,
    platformOf: (pageId) => channels.get(pageId)?.platform ?? null,
    committed(ms) {
      meter.stored(ms)
      failures.over()
    },
    failed: failures.tell,
  })
  opened.checked.then((problem) => failures.checked(opened.path, problem))
  const stops = [
    timers.every(TIDY_FILE_EVERY_MS, () => sqlite.tidy()),
    timers.every(MOVE_LOG_EVERY_MS, () => sqlite.tick()),
  ]
  log.info({ store: 'sqlite', file: opened.path }, `everything is kept in ${opened.path}`)
  const store: Store = {
    ...sqlite,
    close() {
      for (const stop of stops) stop()
      return sqlite.close()
    },
  }
  return {
    store,
    fileBytes: opened.bytes,
    shared: null,
    heirs: 'next_start',
    reload(changed) {
      channels = changed.channels
    },
  }
}

/** The feed is kept as long as the longest history, between 15 minutes (enough to reconnect) and 24 hours. */
function feedLife({ channels }: Pick<Config, 'channels'>): number {
  const histories = [...channels.values()].map(({ policy }) => policy.historyTtlMs)
  return Math.min(LONGEST_FEED_MS, Math.max(SHORTEST_FEED_MS, ...histories))
}

function longestLookBack({ channels }: Pick<Config, 'channels'>): number {
  const policies = [...channels.values()].map(({ policy }) => policy)
  return Math.max(GIVE_BACK_MS, ...policies.flatMap(({ echoTtlMs, repeatWindowMs }) => [echoTtlMs, repeatWindowMs]))
}

function noFile(): null {
  return null
}
