import { randomUUID } from 'node:crypto'
import type { Channel } from '../../conversation/channel.js'
import type { Log, Receive, Store } from '../ports.js'
import type { ConversationReader } from '../providers.js'
import type { Cancel, Timers } from '../timers.js'
import { createUnderWay } from '../under-way.js'
import { createBackfillRun, type RunEnding, type RunFacts } from './run.js'

/**
 * Reads what the webhooks missed from Meta's conversations: after a start, and again and again while a channel that
 * used to have webhooks has none. No event waits for it.
 */
export interface Backfill {
  start(): void
  /** Reads these channels next, as after a start: they are new, or have changed. */
  soon(channelIds: Iterable<string>): void
  /** After this resolves, nothing is read or recorded any more. */
  stop(): Promise<void>
}

const START_AFTER_MS = 1_000
const LOOK_EVERY_MS = 5_000
/** A channel that used to have webhooks and has had none for so long is read, and again after as long. */
const SILENCE_MS = 5 * 60_000
/** A repeated read looks back over the last one, since a thread may change while it is read. */
const OVERLAP_MS = 5 * 60_000
const STORE_AWAY_MS = 10_000
const TAKEN_MS = 30_000
const LATER_MS = 60_000
const REFUSED_MS = 15 * 60_000
/** Runs wait for Meta's rate most of the time. */
const MOST_RUNS = 4

/** Times are of the timers' clock. */
interface Progress {
  /** A read of the whole period is due. */
  isOwed: boolean
  isReading: boolean
  /** Nothing is looked at before. */
  notBefore: number
  /** The last read that succeeded began then, by the store's clock; 0 for none. */
  readAt: number
  /** The last read found something: webhooks were lost, perhaps more of them until they came again. */
  hasFound: boolean
  /** The last read was refused: its code, and the token that was refused. */
  refusal: { readonly code: string; readonly token: string | null } | null
}

export function createBackfill(parts: {
  readonly reader: ConversationReader
  readonly store: Store
  readonly receive: Receive
  readonly channelOf: (id: string) => Channel | undefined
  readonly allIds: () => Iterable<string>
  readonly log: Log
  readonly timers: Timers
}): Backfill {
  const { reader, store, channelOf, allIds, log, timers } = parts
  const holder = randomUUID()
  const run = createBackfillRun({ ...parts, holder })
  const underWay = createUnderWay()
  const stopping = new AbortController()
  let channels = new Map<string, Progress>()
  let reads = 0
  let isStarted = false
  let stopLooking: Cancel | null = null
  let stopFirst: Cancel | null = null

  function look(): void {
    const before = channels
    channels = new Map([...allIds()].map((id) => [id, before.get(id) ?? newProgress()]))
    // The longest overdue first: of many channels the last ones would otherwise never have their turn.
    for (const [id, progress] of [...channels].sort(([, a], [, b]) => a.notBefore - b.notBefore)) {
      if (reads >= MOST_RUNS) return
      const channel = channelOf(id)
      if (channel === undefined || channel.policy.backfillMs === 0 || channel.token === null) continue
      const isRenewed = progress.refusal !== null && progress.refusal.token !== channel.token
      // A token that was replaced since is tried at once; what Meta says then counts as ever.
      if (isRenewed) Object.assign(progress, { refusal: null, notBefore: 0 })
      if (!progress.isReading && timers.elapsed() >= progress.notBefore) underWay.add(take(channel, progress))
    }
  }

  async function take(channel: Channel, progress: Progress): Promise<void> {
    progress.isReading = true
    const wasOwed = progress.isOwed
    try {
      const why = wasOwed ? 'start' : await whyNow(channel, progress)
      if (why !== null && reads < MOST_RUNS) await read(channel, progress, why)
    } catch (error) {
      log.debug({ channel: channel.id, reason: String(error) }, 'cannot look for missed messages now, trying again')
      progress.notBefore = timers.elapsed() + STORE_AWAY_MS
    } finally {
      progress.isReading = false
    }
  }

  /** Why the channel is to be read now; null for not yet. */
  async function whyNow({ id }: Channel, progress: Progress): Promise<'silence' | 'webhooks_again' | null> {
    const { lastInboundAt, lastEchoAt } = await store.channelFacts(id)
    const heardAt = Math.max(lastInboundAt, lastEchoAt)
    const silentMs = store.now() - heardAt
    const isSilent = heardAt > 0 && silentMs >= SILENCE_MS
    if (isSilent && (await store.leases.take(silenceLease(id), holder, SILENCE_MS))) return 'silence'
    if (!isSilent && progress.hasFound && heardAt > progress.readAt) return 'webhooks_again'
    const waitMs = isSilent ? TAKEN_MS : heardAt === 0 ? SILENCE_MS : SILENCE_MS - silentMs
    progress.notBefore = timers.elapsed() + waitMs
    return null
  }

  async function read(channel: Channel, progress: Progress, why: string): Promise<void> {
    const now = store.now()
    const oldest = now - channel.policy.backfillMs
    const isRepeated = why !== 'start' && progress.readAt > 0
    const since = isRepeated ? Math.max(oldest, progress.readAt - OVERLAP_MS) : oldest
    const facts: RunFacts = { threads: 0, odd: 0, recorded: 0, asked: 0, skipped: 0 }
    // Of a channel whose token is refreshed meanwhile the settings stay the same, and the older token goes on working.
    const isCurrent = (): boolean => channelOf(channel.id)?.policy === channel.policy
    let ending: RunEnding | null = null
    reads += 1
    try {
      ending = await run(channel, { since, oldest, signal: stopping.signal, isCurrent }, facts)
    } finally {
      reads -= 1
      if (facts.recorded > 0) progress.hasFound = true
      tell(channel, why, facts, ending)
    }
    settle(channel, progress, ending, facts, now)
  }

  function settle(
    { id, token }: Channel,
    progress: Progress,
    ending: RunEnding,
    facts: RunFacts,
    readAt: number,
  ): void {
    progress.notBefore = timers.elapsed() + restAfter(ending)
    if (ending.is === 'finished' || ending.is === 'too_many') {
      Object.assign(progress, { isOwed: false, readAt, hasFound: facts.recorded > 0, refusal: null })
    }
    if (ending.is !== 'refused') return
    const isTold = progress.refusal?.code === ending.code && progress.refusal.token === token
    progress.refusal = { code: ending.code, token }
    if (isTold) return
    const told = 'Meta refuses to show the conversations of this channel: missed messages cannot be read'
    log.warn({ channel: id, code: ending.code }, told)
  }

  function tell({ id }: Channel, why: string, facts: RunFacts, ending: RunEnding | null): void {
    const code = ending !== null && 'code' in ending ? ending.code : undefined
    const all = { channel: id, why, ...facts, ended: ending?.is ?? 'store_unavailable', code }
    if (ending?.is === 'too_many') log.warn(all, 'missed messages: there were more conversations than one run reads')
    else if (facts.recorded > 0) log.info(all, 'missed messages were read from Meta')
    else log.debug(all, 'no missed messages were found')
  }

  return {
    start() {
      isStarted = true
      stopFirst = timers.after(START_AFTER_MS, look)
      stopLooking = timers.every(LOOK_EVERY_MS, look)
    },
    soon(channelIds) {
      for (const id of channelIds) channels.set(id, { ...newProgress(), readAt: channels.get(id)?.readAt ?? 0 })
      if (isStarted && !stopping.signal.aborted) look()
    },
    async stop() {
      stopping.abort()
      stopFirst?.()
      stopLooking?.()
      await reader.close()
      await underWay.idle()
      for (const id of channels.keys()) {
        try {
          await store.leases.end(silenceLease(id), holder)
        } catch {
          return
        }
      }
    },
  }
}

function restAfter(ending: RunEnding): number {
  switch (ending.is) {
    case 'finished':
    case 'too_many':
      return Math.max(SILENCE_MS, ending.restMs)
    case 'later':
      return Math.max(LATER_MS, ending.afterMs)
    case 'refused':
      return REFUSED_MS
    case 'taken':
      return TAKEN_MS
    case 'stopped':
      return 0
  }
}

function silenceLease(id: string): string {
  return `backfill-silence:${id}`
}

function newProgress(): Progress {
  return { isOwed: true, isReading: false, notBefore: 0, readAt: 0, hasFound: false, refusal: null }
}
