import type { Channel } from '../conversation/channel.js'
import type { Log, Store } from './ports.js'
import type { SendOutcome } from './providers.js'

/**
 * Derives a channel's state from its send outcomes: after a rate limit the channel pauses sending; with a dead token
 * its sends are refused without a request.
 */
export interface ChannelHealth {
  /** The time until which the channel sends nothing because Meta limited its rate. */
  restsUntil(channel: Channel): number
  /**
   * The outcome to assume without making a request while the token is known to be dead; null when a send may be
   * tried.
   */
  refusal(channel: Channel): SendOutcome | null
  heed(channel: Channel, outcome: SendOutcome): void
}

/** A dead token is retried at most once per this interval rather than with every message. */
const TROUBLE_REST_MS = 60_000
/** Rest after a rate limit for which Meta names no waiting time, which is most of them. */
const LIMITED_REST_MS = 1_000

interface Trouble {
  /** The token that failed. A different token ends the trouble. */
  readonly token: string | null
  readonly code: string
  readonly until: number
}

export function createChannelHealth(parts: {
  readonly store: Store
  /** Called when a send met a dead token, once a minute at the most. */
  readonly tokenRefused: (channel: Channel) => void
  readonly log: Log
}): ChannelHealth {
  const { store, tokenRefused, log } = parts
  const resting = new Map<string, number>()
  const troubled = new Map<string, Trouble>()
  /**
   * Channels with one "no permission" answer. Meta also answers so for a single customer, so only a second one in a
   * row counts against the channel.
   */
  const doubted = new Set<string>()

  function rest(channel: Channel, ms: number): void {
    resting.set(channel.id, Math.max(resting.get(channel.id) ?? 0, store.now() + ms))
  }

  function works(channel: Channel): void {
    doubted.delete(channel.id)
    store.noteChannel(channel.id, 'sent', store.now())
    if (!troubled.delete(channel.id)) return
    store.noteTrouble(channel.id, null)
    log.info({ channel: channel.id }, 'messages of the channel get through again')
  }

  function isUnusable(channel: Channel, code: string): void {
    const isToken = isOfToken(code)
    if (!isToken && !doubted.has(channel.id)) {
      doubted.add(channel.id)
      return
    }
    const now = store.now()
    const known = troubled.get(channel.id)
    if (known !== undefined && known.token === channel.token && now < known.until) return
    troubled.set(channel.id, { token: channel.token, code, until: now + TROUBLE_REST_MS })
    store.noteTrouble(channel.id, { at: now, code })
    log.error({ channel: channel.id, code }, WHAT_TO_DO)
    if (isToken) tokenRefused(channel)
  }

  return {
    restsUntil: (channel) => resting.get(channel.id) ?? 0,
    refusal(channel) {
      const trouble = troubled.get(channel.id)
      if (trouble === undefined || trouble.token !== channel.token || store.now() >= trouble.until) return null
      return { is: 'dead', reason: 'channel_unusable', code: trouble.code }
    },
    heed(channel, outcome) {
      if (outcome.is === 'sent') {
        works(channel)
        if (outcome.restMs > 0) rest(channel, outcome.restMs)
      } else if (outcome.is === 'later') {
        rest(channel, Math.max(outcome.afterMs, LIMITED_REST_MS))
      } else if (outcome.is === 'dead' && outcome.reason === 'channel_unusable') {
        isUnusable(channel, outcome.code)
      }
    },
  }
}

/** The token is missing or dead; other troubles may be those of a permission, or of one customer. */
export function isOfToken(code: string): boolean {
  return code === 'no_token' || /^190\b/.test(code)
}

const WHAT_TO_DO =
  'no message of this channel gets through: give it a new token and the permission to send, then redrive its dead letters'
