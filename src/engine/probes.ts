import type { Channel } from '../conversation/channel.js'
import type { ChannelTrouble, Log, Store } from './ports.js'
import type { ProbeOutcome, Prober } from './providers.js'
import { type Cancel, sleep, type Timers } from './timers.js'
import { createUnderWay } from './under-way.js'

/**
 * Finds out whether the channels' tokens still work, so that a dead one is known before a customer's answer meets it. No
 * event waits for that.
 */
export interface Probes {
  start(): void
  /** These next: they are new, or have changed. */
  soon(channelIds: Iterable<string>): void
  /** Nothing is noted any more once it has resolved. */
  stop(): Promise<void>
}

const EVERY_MS = 3_600_000
/** With many channels a round takes its time; all at once would be a burst that Meta may well take amiss. */
const APART_MS = 200
const WRITE_AGAIN_MS = 1_000

export function createProbes(parts: {
  readonly prober: Prober
  readonly store: Store
  readonly channelOf: (id: string) => Channel | undefined
  readonly allIds: () => Iterable<string>
  readonly log: Log
  readonly timers: Timers
}): Probes {
  const { prober, store, channelOf, allIds, log, timers } = parts
  const underWay = createUnderWay()
  /** What the last probe of a channel told of which token. */
  const lastTold = new Map<string, { readonly token: string; readonly is: ProbeOutcome['is'] }>()
  let waiting = new Set<string>()
  let stopRounds: Cancel | null = null
  let endPause: Cancel | null = null
  let stopping = new AbortController()
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
    // What it told of is no longer in the settings.
    if (stopping.signal.aborted || channelOf(id) !== channel) return
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
   * A store that is away takes no note and does not say so: what was found out is written until it is there, or nobody
   * asks any more. False then.
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
    // Said of another token, or by a probe like this one.
    const isDisproved = last !== undefined && (last.token !== token || last.is === 'refused')
    const { trouble } = await store.channelFacts(id)
    if (trouble !== null && (isDisproved || isOfToken(trouble))) {
      store.noteTrouble(id, null)
      log.info({ channel: id, code: trouble.code }, 'the token of this channel works again')
    }
    lastTold.set(id, { token, is: 'works' })
    return true
  }

  return {
    start() {
      stopping = new AbortController()
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

/** A permission that a send lacked is not disproved by a token that still tells whose it is. */
function isOfToken({ code }: ChannelTrouble): boolean {
  return code === 'no_token' || /^190\b/.test(code)
}
