import { setMaxListeners } from 'node:events'
import type { Channel } from '../conversation/channel.js'
import { isOfToken } from './channel-health.js'
import type { Log, Store } from './ports.js'
import type { ProbeOutcome, Prober } from './providers.js'
import { type Cancel, sleep, type Timers } from './timers.js'
import { createUnderWay } from './under-way.js'

/**
 * Checks the channels' tokens in the background, so that a dead token is known before a customer's answer fails on
 * it. No event waits for a probe.
 */
export interface Probes {
  start(): void
  /** Probes these channels next: they are new, or have changed. */
  soon(channelIds: Iterable<string>): void
  /** After this resolves, probes write nothing any more. */
  stop(): Promise<void>
}

const EVERY_MS = 3_600_000
/** Spacing of the probes in a round: with many channels at once they would be a burst that Meta may throttle. */
const APART_MS = 200
const WRITE_AGAIN_MS = 1_000

export function createProbes(parts: {
  readonly prober: Prober
  readonly store: Store
  readonly channelOf: (id: string) => Channel | undefined
  readonly allIds: () => Iterable<string>
  /** Called with each outcome. */
  readonly probed: (channel: Channel, outcome: ProbeOutcome) => void
  readonly log: Log
  readonly timers: Timers
}): Probes {
  const { prober, store, channelOf, allIds, probed, log, timers } = parts
  const underWay = createUnderWay()
  /** The result of each channel's last probe, and the token that it was for. */
  const lastTold = new Map<string, { readonly token: string; readonly is: ProbeOutcome['is'] }>()
  let waiting = new Set<string>()
  let stopRounds: Cancel | null = null
  let endPause: Cancel | null = null
  const stopping = new AbortController()
  // Each channel whose result waits for the store listens to it: more than ten are no leak, which Node.js would warn of.
  setMaxListeners(0, stopping.signal)
  let isStarted = false

  function put(ids: Set<string>): void {
    waiting = ids
    if (endPause === null) next()
  }

  function next(): void {
    endPause = null
    for (const id of waiting) {
      waiting.delete(id)
      const channel = channelOf(id)
      const token = channel?.token ?? null
      if (channel === undefined || token === null) continue
      underWay.add(probe(channel, token))
      endPause = timers.after(APART_MS, next)
      return
    }
  }

  async function probe(channel: Channel, token: string): Promise<void> {
    const { id } = channel
    const outcome = await prober.probe(channel.graphUrl, token)
    // The channel was changed or removed during the probe.
    if (stopping.signal.aborted || channelOf(id) !== channel) return
    probed(channel, outcome)
    switch (outcome.is) {
      case 'works':
        await write(channel, async () => (await noteProbed(id)) && endTrouble(id, token))
        return
      case 'refused':
        lastTold.set(id, { token, is: outcome.is })
        if (!(await write(channel, () => noteRefused(id, outcome.code)))) return
        log.error({ channel: id, code: outcome.code }, 'Meta refuses the token of this channel: give it a new one')
        return
      case 'unknown':
        log.debug({ channel: id, code: outcome.code }, 'could not find out whether the token of this channel works')
    }
  }

  /**
   * Writes a probe's result; retries while the store is unreachable, since `note…` reports no failure. False when
   * stopped before it was written.
   */
  async function write(channel: Channel, note: () => Promise<boolean>): Promise<boolean> {
    while (!stopping.signal.aborted && channelOf(channel.id) === channel) {
      if (await note().catch(() => false)) return true
      await sleep(timers, WRITE_AGAIN_MS, stopping.signal)
    }
    return false
  }

  async function noteProbed(id: string): Promise<boolean> {
    const at = store.now()
    store.noteChannel(id, 'probed', at)
    return (await store.channelFacts(id)).lastProbedAt >= at
  }

  async function noteRefused(id: string, code: string): Promise<boolean> {
    const at = store.now()
    store.noteTrouble(id, { at, code })
    return (await store.channelFacts(id)).trouble?.at === at
  }

  async function endTrouble(id: string, token: string): Promise<true> {
    const last = lastTold.get(id)
    // The known trouble belongs to another token, or was found by a probe like this one.
    const isDisproved = last !== undefined && (last.token !== token || last.is === 'refused')
    const { trouble } = await store.channelFacts(id)
    // A token that answers `me` may still lack the permission that a send needed.
    if (trouble !== null && (isDisproved || isOfToken(trouble.code))) {
      store.noteTrouble(id, null)
      log.info({ channel: id, code: trouble.code }, 'the token of this channel works again')
    }
    lastTold.set(id, { token, is: 'works' })
    return true
  }

  return {
    start() {
      isStarted = true
      put(new Set(allIds()))
      stopRounds = timers.every(EVERY_MS, () => put(new Set([...waiting, ...allIds()])))
    },
    soon(channelIds) {
      if (isStarted) put(new Set([...channelIds, ...waiting]))
    },
    async stop() {
      isStarted = false
      stopping.abort()
      stopRounds?.()
      endPause?.()
      await prober.close()
      await underWay.idle()
    },
  }
}
