import type { Channel } from '../conversation/channel.js'
import { type ConversationId, userOf } from '../conversation/ids.js'
import type { Conversation, Profile } from '../conversation/state/state.js'
import type { Log, Receive, Store } from './ports.js'
import type { ProfileFinder } from './providers.js'
import type { Cancel, Timers } from './timers.js'

/** Fetches customers' profiles in the background, a few a second, and never on a webhook's path. */
export interface Profiles {
  /** Queues a fetch, unless the profile is known or a fetch failed a short while ago. */
  want(state: Conversation): void
  stop(): void
}

const EVERY_MS = 200
/** Meta refuses profiles without the customer's consent; asking again soon gets the same refusal. */
const AFTER_FAILURE_MS = 3_600_000
/** How long a profile is used. Names seldom change, but the address of the picture expires. */
const GOOD_FOR_MS = 24 * 3_600_000
/** Above this many queued fetches new ones are dropped; the customer's next message requests it again. */
const MOST_WANTED = 1_000

export function createProfiles(parts: {
  readonly finder: Pick<ProfileFinder, 'find'>
  readonly store: Pick<Store, 'now' | 'read'>
  readonly receive: Receive
  readonly channelOf: (id: ConversationId) => Channel | undefined
  readonly log: Log
  readonly timers: Timers
}): Profiles {
  const { finder, store, receive, channelOf, log, timers } = parts
  /** Queued or being fetched, until the profile is recorded. */
  const wanted = new Set<ConversationId>()
  const queue: ConversationId[] = []
  let cancelNext: Cancel | null = null
  let isStopped = false

  function isWanted(profile: Profile): boolean {
    const goodForMs = profile.isKnown ? GOOD_FOR_MS : AFTER_FAILURE_MS
    return profile.at === 0 || store.now() - profile.at >= goodForMs
  }

  /** Never rejects; draining does not wait for it. */
  async function find(id: ConversationId): Promise<void> {
    const channel = channelOf(id)
    try {
      const state = await store.read(id)
      // Another process may have fetched it meanwhile.
      if (channel === undefined || state === null || !isWanted(state.profile)) return
      const found = await finder.find(channel, userOf(id))
      await receive(id, channel, { is: 'profile', found }, null)
    } catch (error) {
      log.debug({ conversation_id: id, reason: String(error) }, 'could not record a profile')
    } finally {
      wanted.delete(id)
    }
  }

  function next(): void {
    const id = queue.shift()
    cancelNext = id === undefined || isStopped ? null : timers.after(EVERY_MS, next)
    if (id !== undefined && !isStopped) find(id)
  }

  return {
    want({ id, profile }) {
      if (!isWanted(profile) || wanted.has(id) || wanted.size >= MOST_WANTED || !channelOf(id)?.policy.canSend) return
      wanted.add(id)
      queue.push(id)
      if (cancelNext === null) next()
    },
    stop() {
      isStopped = true
      cancelNext?.()
      cancelNext = null
    },
  }
}
