import type { Channel } from '../conversation/channel.js'
import type { ChannelTrouble, Log, Store } from './ports.js'
import type { ProbeOutcome, Prober } from './providers.js'
import type { Cancel, Timers } from './timers.js'
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
  let isStopped = true

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
    if (isStopped || channelOf(id) !== channel) return
    switch (outcome.is) {
      case 'works':
        store.noteChannel(id, 'probed', store.now())
        await endTrouble(id, token)
        return
      case 'refused':
        lastTold.set(id, { token, is: outcome.is })
        store.noteTrouble(id, { at: store.now(), code: outcome.code })
        log.error({ channel: id, code: outcome.code }, 'Meta refuses the token of this channel: give it a new one')
        return
      case 'unknown':
        log.debug({ channel: id, code: outcome.code }, 'could not find out whether the token of this channel works')
    }
  }

  async function endTrouble(id: string, token: string): Promise<void> {
    const last = lastTold.get(id)
    // Said of another token, or by a probe like this one.
    const isDisproved = last !== undefined && (last.token !== token || last.is === 'refused')
    try {
      const { trouble } = await store.channelFacts(id)
      if (trouble !== null && (isDisproved || isOfToken(trouble))) {
        store.noteTrouble(id, null)
        log.info({ channel: id, code: trouble.code }, 'the token of this channel works again')
      }
      lastTold.set(id, { token, is: 'works' })
    } catch (error) {
      // The next probe finds it again.
      log.debug({ channel: id, reason: String(error) }, 'could not look for the trouble of this channel')
    }
  }

  return {
    start() {
      isStopped = false
      put(new Set(allIds()))
      stopRounds = timers.every(EVERY_MS, () => put(new Set([...waiting, ...allIds()])))
    },
    soon(channelIds) {
      if (!isStopped) put(new Set([...channelIds, ...waiting]))
    },
    async stop() {
      isStopped = true
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
