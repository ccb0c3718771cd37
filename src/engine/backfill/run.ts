import type { Channel } from '../../conversation/channel.js'
import type { CustomerMessage, Echo } from '../../conversation/event.js'
import { conversationIdOf } from '../../conversation/ids.js'
import { isSilent } from '../../conversation/state/state.js'
import { erasedKeys } from '../erase.js'
import type { Receive, Store } from '../ports.js'
import type { ConversationReader, Reading, Thread, ThreadMessage, ThreadPage } from '../providers.js'
import { sleep, type Timers } from '../timers.js'
import { missingIn } from './missing-messages.js'

/** One run of the backfill: reads a channel's conversations from Meta and takes in what is missing. */

/** Why a run ended. */
export type RunEnding =
  | { readonly is: 'finished'; readonly restMs: number }
  /** There were more threads than a run reads; the newest were read. */
  | { readonly is: 'too_many'; readonly restMs: number }
  | { readonly is: 'later'; readonly code: string; readonly afterMs: number }
  | { readonly is: 'refused'; readonly code: string }
  /** The router stops, or the channel was changed or removed. */
  | { readonly is: 'stopped' }
  /** Another process reads this channel. */
  | { readonly is: 'taken' }

export interface RunFacts {
  threads: number
  /** Threads of which it could not be told who the customer is, or that Meta did not show. */
  odd: number
  recorded: number
  asked: number
  /** Recorded messages of customers that are not asked. */
  skipped: number
}

export interface RunTerms {
  /** Threads that did not change since are not read. */
  readonly since: number
  /** The period of the setting: older messages are left alone. */
  readonly oldest: number
  readonly signal: AbortSignal
  readonly isCurrent: () => boolean
}

export type BackfillRun = (channel: Channel, terms: RunTerms, facts: RunFacts) => Promise<RunEnding>

/** Meta allows two calls a second for one account. */
const CALLS_A_SECOND = 2
const MOST_PAGES = 20
const MOST_THREADS = 500
/** As much of the history as the twenty messages that Meta shows can correspond to, with what never left. */
const HISTORY = 200
/** More than a request and the wait for its slot take. */
const LEASE_MS = 30_000

export function createBackfillRun(parts: {
  readonly reader: ConversationReader
  readonly store: Store
  readonly receive: Receive
  readonly holder: string
  readonly timers: Timers
}): BackfillRun {
  const { reader, store, receive, holder, timers } = parts

  /** Throws when the store is out of reach. */
  return async (channel, terms, facts) => {
    const lease = `backfill:${channel.id}`
    if (!(await store.leases.take(lease, holder, LEASE_MS))) return { is: 'taken' }
    try {
      return await read(channel, terms, facts, lease)
    } finally {
      await endLease(lease)
    }
  }

  async function endLease(lease: string): Promise<void> {
    try {
      await store.leases.end(lease, holder)
    } catch {
      // It ends by itself.
    }
  }

  async function read(channel: Channel, terms: RunTerms, facts: RunFacts, lease: string): Promise<RunEnding> {
    const { since, oldest, signal, isCurrent } = terms
    const mayGoOn = (): boolean => !signal.aborted && isCurrent()

    /** Calls Meta when the rate allows it; null when the run is to stop. */
    async function call<T>(ask: () => Promise<Reading<T>>): Promise<Reading<T> | null> {
      const at = await store.takeSlot(`backfill:${channel.sendAs}`, CALLS_A_SECOND, 0)
      const waitMs = at - store.now()
      if (waitMs > 0) await sleep(timers, waitMs, signal)
      if (!mayGoOn() || !(await store.leases.take(lease, holder, LEASE_MS))) return null
      const reading = await ask()
      return mayGoOn() ? reading : null
    }

    const threads = new Map<string, Thread>()
    let after: string | null = null
    let restMs = 0
    let pages = 0
    do {
      if (restMs > 0) return askedToRest(restMs)
      const cursor: string | null = after
      const page: Reading<ThreadPage> | null = await call(() => reader.threads(channel, cursor))
      if (page === null) return STOPPED
      if (page.is === 'unusable') return { is: 'refused', code: page.code }
      if (page.is !== 'read') return page
      facts.odd += page.value.odd
      const changed = page.value.threads.filter(({ updatedAt }) => updatedAt >= since)
      for (const thread of changed) threads.set(thread.id, thread)
      // Those that follow an older one are older still.
      after = changed.length < page.value.threads.length ? null : page.value.after
      restMs = page.restMs
      pages += 1
    } while (after !== null && pages < MOST_PAGES && threads.size < MOST_THREADS)

    for (const thread of [...threads.values()].slice(0, MOST_THREADS)) {
      if (restMs > 0) return askedToRest(restMs)
      const messages = await call(() => reader.messages(channel, thread))
      if (messages === null) return STOPPED
      if (messages.is === 'unusable') {
        facts.odd += 1
        continue
      }
      if (messages.is !== 'read') return messages
      facts.threads += 1
      restMs = messages.restMs
      for (const event of await missingOf(channel, thread, messages.value, oldest)) {
        if (!mayGoOn()) return STOPPED
        await take(channel, thread, event, facts)
      }
    }
    return { is: after === null && threads.size <= MOST_THREADS ? 'finished' : 'too_many', restMs }
  }

  async function missingOf(
    channel: Channel,
    { userId }: Thread,
    messages: readonly ThreadMessage[],
    oldest: number,
  ): Promise<readonly (CustomerMessage | Echo)[]> {
    const id = conversationIdOf(channel.id, userId)
    const { historyTtlMs, resumeWords } = channel.policy
    const page = { before: null, after: null, limit: HISTORY, historyTtlMs }
    const missing = missingIn(messages, await store.history(id, page), oldest, resumeWords)
    if (missing.length === 0) return missing
    // An erased customer does not come back by what was written before; by a new message the customer does.
    const keys = erasedKeys(oldest, store.now())
    const marks = await Promise.all(keys.map((key) => store.loadFresh(id, { key, find: null })))
    if (!marks.some(({ known }) => known.isSeen)) return missing
    const { state } = marks[0]!
    return state === null || isSilent(state) ? [] : missing.filter(({ at }) => at >= state.createdAt)
  }

  async function take(
    channel: Channel,
    { userId }: Thread,
    event: CustomerMessage | Echo,
    facts: RunFacts,
  ): Promise<void> {
    const received = await receive(conversationIdOf(channel.id, userId), channel, event, event.mid)
    const { outcome, reason } = received.verdict
    if (outcome === 'duplicate') return
    facts.recorded += 1
    if (event.is === 'echo') return
    if (reason === null || reason === 'share_held') facts.asked += 1
    else facts.skipped += 1
  }
}

const STOPPED: RunEnding = { is: 'stopped' }

function askedToRest(afterMs: number): RunEnding {
  return { is: 'later', code: 'usage', afterMs }
}
