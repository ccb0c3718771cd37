import type { Channel } from '../../conversation/channel.js'
import { persist } from '../persist.js'
import type { Log, Store } from '../ports.js'
import type { ProbeOutcome, Prober, RefreshOutcome, TokenRefresher } from '../providers.js'
import type { Timers } from '../timers.js'
import type { CurrentChannels } from './current-channels.js'
import type { KeptTokens } from './kept-tokens.js'
import { BEFORE_END_MS, begun, refreshed, replaces, type TokenRecord, YOUNGEST_MS } from './token-record.js'

/** Refreshes the token of one channel, if it is due and no other process is at it. */
export interface RefreshToken {
  /** When the token is due, by what this process knows. */
  dueAt(channel: Channel): number
  /** Rejects while the store is out of reach. */
  refresh(channelId: string): Promise<void>
  /** Meta refused the refreshed token: takes the settings' token again if Meta takes that one. */
  fallBack(channelId: string, refused: string): Promise<void>
}

/** Longer than Meta takes to answer, probe included: if this process dies meanwhile, another asks after this time. */
const CLAIM_MS = 10 * 60_000
const FIRST_PAUSE_MS = 5 * 60_000
const LONGEST_PAUSE_MS = 6 * 3_600_000
/** Some hours of unanswered requests. */
const MANY_FAILURES = 6
const DAY_MS = 24 * 3_600_000

/** Meta knows the token. Other errors than that of a dead one may be the probe's: it asks for more than a send needs. */
export function mayWork(outcome: ProbeOutcome): boolean {
  return outcome.is === 'works' || (/^(?:\d|http_4)/.test(outcome.code) && !isDead(outcome))
}

export function isDead(outcome: ProbeOutcome): boolean {
  return outcome.is === 'refused' && /^190\b/.test(outcome.code)
}

type Failure = Exclude<RefreshOutcome, { readonly is: 'refreshed' }>

export function createRefreshToken(parts: {
  readonly store: Pick<Store, 'now'>
  readonly kept: KeptTokens
  readonly channels: CurrentChannels
  readonly refresher: Pick<TokenRefresher, 'refresh'>
  readonly prober: Pick<Prober, 'probe'>
  /** The channel's token has changed, or should be looked at. */
  readonly probeSoon: (channelId: string) => void
  /** Aborted when the process stops. */
  readonly signal: AbortSignal
  readonly log: Log
  readonly timers: Timers
}): RefreshToken {
  const { store, kept, channels, refresher, prober, probeSoon, signal, log, timers } = parts
  /** When each channel's coming end was last told. */
  const toldAt = new Map<string, number>()

  /** The record to go on with, of the settings' token. */
  function recordFor({ id, token }: Channel): TokenRecord {
    const record = kept.of(id)
    return record !== null && replaces(record, token!) ? record : begun(token!, record)
  }

  async function learn(channelId: string): Promise<void> {
    await kept.read(channelId)
    if (channels.renew(channelId)) probeSoon(channelId)
  }

  /** A new token takes the place of one that works only once a probe has met it. Asking again later costs nothing. */
  async function ask(graphUrl: string, token: string): Promise<RefreshOutcome> {
    const outcome = await refresher.refresh(graphUrl, token)
    if (outcome.is !== 'refreshed' || outcome.token === token) return outcome
    const probed = await prober.probe(graphUrl, outcome.token)
    if (probed.is === 'works' || mayWork(probed)) return outcome
    return { is: probed.is === 'refused' ? 'refused' : 'lost', code: `new_token_${probed.code}` }
  }

  /** False where the channel was removed, or got another token, while Meta was asked. */
  function isStill({ id, token }: Channel): boolean {
    return !signal.aborted && channels.configured(id)?.token === token
  }

  /** Through a short outage of the store, but not through a stop. */
  function write(id: string, record: TokenRecord): Promise<boolean> {
    return persist(timers, () => !signal.aborted && kept.replace(id, record))
  }

  async function take(channel: Channel, claimed: TokenRecord, outcome: RefreshOutcome): Promise<void> {
    const { id } = channel
    const now = store.now()
    if (outcome.is === 'refreshed') {
      const record = refreshed(claimed, channel.token!, outcome, now)
      if (!(await write(id, record))) return
      toldAt.delete(id)
      const until = new Date(record.expiresAt).toISOString()
      log.info({ channel: id, expires_at: until }, `the token of this channel was refreshed, it is good until ${until}`)
      if (channels.renew(id)) probeSoon(id)
      return
    }
    const failures = outcome.is === 'lost' ? claimed.failures + 1 : claimed.failures
    const pauseMs =
      outcome.is === 'lost' ? Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) : YOUNGEST_MS
    const record = { ...claimed, failures, dueAt: now + pauseMs }
    await write(id, record)
    // The probe tells of a token that is dead.
    if (outcome.is === 'refused' && /^190\b/.test(outcome.code)) probeSoon(id)
    else tellFailure(id, record, outcome, now)
  }

  function tellFailure(id: string, { expiresAt, failures }: TokenRecord, { is, code }: Failure, now: number): void {
    if (expiresAt === 0 || now < expiresAt - BEFORE_END_MS) {
      if (is === 'refused') log.info({ channel: id, code }, NOT_YET)
      return
    }
    const isPassing = is === 'lost' && failures < MANY_FAILURES
    if (isPassing || now < (toldAt.get(id) ?? 0) + DAY_MS) return
    toldAt.set(id, now)
    const days = Math.ceil((expiresAt - now) / DAY_MS)
    const ends = days < 1 ? 'has ended' : days === 1 ? 'ends within a day' : `ends in ${days} days`
    log.error({ channel: id, code }, `the token of this channel ${ends} and is not refreshed: ${WHAT_TO_DO}`)
  }

  return {
    dueAt: (channel) => recordFor(channel).dueAt,
    async refresh(channelId) {
      await learn(channelId)
      const channel = channels.login(channelId)
      if (channel === undefined) return
      const record = recordFor(channel)
      if (store.now() < record.dueAt) return
      // Of several processes only the one whose claim is written asks.
      const claimed = { ...record, dueAt: store.now() + CLAIM_MS }
      if (!(await kept.replace(channelId, claimed))) return learn(channelId)
      const outcome = await ask(channel.graphUrl, channels.get(channelId)!.token!)
      if (isStill(channel)) await take(channel, claimed, outcome)
    },
    async fallBack(channelId, refused) {
      const channel = channels.login(channelId)
      if (channel === undefined || channel.token === refused) return
      const probed = await prober.probe(channel.graphUrl, channel.token!)
      const isSo = mayWork(probed) && isStill(channel) && channels.get(channelId)?.token === refused
      if (!isSo || !(await kept.replace(channelId, begun(channel.token!, kept.of(channelId))))) return
      log.warn({ channel: channelId }, FALLEN_BACK)
      channels.renew(channelId)
      probeSoon(channelId)
    },
  }
}

const NOT_YET = 'Meta does not refresh the token of this channel yet; asked again in a day'
const WHAT_TO_DO = 'give it a new one (npm run connect -- --renew, then SIGHUP)'
const FALLEN_BACK =
  'Meta refuses the refreshed token of this channel and takes that of the settings, which is used again'
