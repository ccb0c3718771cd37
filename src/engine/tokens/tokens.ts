import { type Channel, FOREVER } from '../../conversation/channel.js'
import type { Log, Store } from '../ports.js'
import type { ProbeOutcome, Prober, Seal, TokenRefresher } from '../providers.js'
import { type Cancel, sleep, type Timers } from '../timers.js'
import { createUnderWay } from '../under-way.js'
import { type CurrentChannels, createCurrentChannels } from './current-channels.js'
import { createKeptTokens } from './kept-tokens.js'
import { createRefreshToken, isDead, mayWork } from './refresh-token.js'

/** Keeps the tokens of Instagram logins from ending, and knows which token of each channel counts. */
export interface Tokens {
  readonly channels: Pick<CurrentChannels, 'get' | 'ids' | 'all'>
  /** Resolves once the store was read: before that a token of the settings may be one that has ended. */
  start(): Promise<void>
  /** Called after the settings were reloaded. */
  use(configured: ReadonlyMap<string, Channel>): void
  /** Reads from the store what other processes may have changed. Rejects while it is out of reach. */
  read(): Promise<void>
  /** Told of each probe's outcome: no token is refreshed before Meta has met it in a probe. */
  probed(channel: Channel, outcome: ProbeOutcome): void
  /** Told that Meta refused the channel's token as one that is dead. */
  refused(channel: Channel): void
  stop(): Promise<void>
}

/** How long a process goes on with an older token after another has refreshed it; the older one works for weeks. */
const READ_EVERY_MS = 10 * 60_000
const READ_AGAIN_MS = 250
/** From a probe that worked to the refresh: nothing of the start waits for it. */
const MOMENT_MS = 1_000
/** Spacing of the requests: many channels' tokens may be due at once. */
const APART_MS = 200
/** After an attempt that failed on the store. */
const REST_MS = 60_000

export function createTokens(parts: {
  readonly store: Pick<Store, 'now' | 'tokens'>
  readonly seal: () => Seal
  readonly refresher: TokenRefresher
  readonly prober: Pick<Prober, 'probe'>
  /** Asked to look at channels whose tokens have changed. */
  readonly probe: (channelIds: readonly string[]) => void
  readonly configured: ReadonlyMap<string, Channel>
  readonly log: Log
  readonly timers: Timers
}): Tokens {
  const { store, refresher, probe, timers } = parts
  const kept = createKeptTokens(parts)
  const channels = createCurrentChannels(parts.configured, kept.of)
  const underWay = createUnderWay()
  const stopping = new AbortController()
  /** The token of each channel that Meta knew when it was probed. */
  const proven = new Map<string, string | null>()
  const restUntil = new Map<string, number>()
  let stopReading: Cancel | null = null
  let disarm: Cancel | null = null
  let armedFor = 0

  const refreshToken = createRefreshToken({
    ...parts,
    kept,
    channels,
    probeSoon: (id) => probe([id]),
    signal: stopping.signal,
  })

  async function read(): Promise<void> {
    const ids = channels.logins().map(({ id }) => id)
    await Promise.all(ids.map((id) => kept.read(id)))
    const changed = ids.filter((id) => channels.renew(id))
    if (changed.length > 0) probe(changed)
  }

  /** When the channel's token may be refreshed: never before a probe of it. */
  function timeOf(channel: Channel): number {
    const { id } = channel
    if (proven.get(id) !== channels.get(id)!.token) return FOREVER
    return Math.max(refreshToken.dueAt(channel), restUntil.get(id) ?? 0)
  }

  /** Sees to these channels when they are due, but waits `waitMs` at the least. */
  function arm(waitMs: number, logins: readonly Channel[]): void {
    const now = store.now()
    const first = logins.reduce((least, channel) => Math.min(least, timeOf(channel)), FOREVER)
    const at = Math.min(Math.max(first, now + waitMs), now + READ_EVERY_MS)
    if (first === FOREVER || stopping.signal.aborted || (disarm !== null && armedFor <= at)) return
    disarm?.()
    armedFor = at
    disarm = timers.after(at - now, next)
  }

  function next(): void {
    disarm = null
    const logins = channels.logins()
    const due = logins.find((channel) => timeOf(channel) <= store.now())
    if (due !== undefined) underWay.add(attempt(due.id))
    arm(APART_MS, logins)
  }

  async function attempt(id: string): Promise<void> {
    restUntil.set(id, store.now() + REST_MS)
    await refreshToken.refresh(id).then(() => restUntil.delete(id), ignore)
    armFor(id)
  }

  function armFor(id: string): void {
    const login = channels.login(id)
    if (login !== undefined) arm(MOMENT_MS, [login])
  }

  function refused({ id, token }: Channel): void {
    if (token !== null) underWay.add(refreshToken.fallBack(id, token).catch(ignore))
  }

  return {
    channels,
    async start() {
      while (!stopping.signal.aborted && !(await read().then(isDone, isFailed))) {
        await sleep(timers, READ_AGAIN_MS, stopping.signal)
      }
      if (stopping.signal.aborted) return
      stopReading = timers.every(READ_EVERY_MS, () => underWay.add(read().catch(ignore)))
    },
    use(configured) {
      channels.use(configured)
      underWay.add(kept.resealAll().then(read).catch(ignore))
    },
    read,
    probed(channel, outcome) {
      const { id, token } = channel
      if (mayWork(outcome)) {
        proven.set(id, token)
        armFor(id)
      } else if (isDead(outcome)) refused(channel)
    },
    refused,
    async stop() {
      stopping.abort()
      stopReading?.()
      disarm?.()
      await refresher.close()
      await underWay.idle()
    },
  }
}

const isDone = (): boolean => true
const isFailed = (): boolean => false

/** The store logs its own state; the next time comes. */
function ignore(): void {}
