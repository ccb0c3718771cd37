import type { Channel } from '../conversation/channel.js'
import { type ConversationId, userOf } from '../conversation/ids.js'
import type { Conversation } from '../conversation/state/state.js'
import type { ChannelHealth } from './channel-health.js'
import type { Store } from './ports.js'
import type { Sender } from './providers.js'
import type { Cancel, Timers } from './timers.js'

/** What the customer sees of a question being taken up: that it was read, and that somebody is writing. */
export interface Manners {
  /** Shows both, as far as the channel has them, where the router can reach the customer. */
  takeUp(channel: Channel, id: ConversationId): void
  /** Shows that somebody is writing, until the answer has left or none is to be expected any more. */
  type(channel: Channel, id: ConversationId): void
  /** Told of every state that this process commits. */
  compare(state: Conversation): void
  stop(): void
}

/** Meta shows it for 20 s, or until a message arrives. */
const RENEW_EVERY_MS = 15_000

export function createManners(parts: {
  readonly sender: Pick<Sender, 'act'>
  readonly store: Pick<Store, 'now' | 'read'>
  readonly health: Pick<ChannelHealth, 'refusal' | 'restsUntil'>
  readonly timers: Timers
}): Manners {
  const { sender, store, health, timers } = parts
  const typing = new Map<ConversationId, Cancel>()

  function maySend(channel: Channel): boolean {
    return channel.token !== null && health.refusal(channel) === null && health.restsUntil(channel) <= store.now()
  }

  function show(channel: Channel, id: ConversationId): void {
    if (maySend(channel)) void sender.act(channel, userOf(id), 'typing_on')
  }

  function end(id: ConversationId): void {
    typing.get(id)?.()
    typing.delete(id)
  }

  /** Another process may have sent the answer meanwhile, or a person taken over there. */
  async function renew(channel: Channel, id: ConversationId): Promise<void> {
    try {
      const state = await store.read(id)
      if (state === null || !isAnswering(state)) end(id)
      else if (typing.has(id)) show(channel, id)
    } catch {
      // The store is away: the next time tells.
    }
  }

  function type(channel: Channel, id: ConversationId): void {
    if (channel.assistant?.replies !== 'router') return
    end(id)
    show(channel, id)
    typing.set(
      id,
      timers.every(RENEW_EVERY_MS, () => void renew(channel, id)),
    )
  }

  return {
    takeUp(channel, id) {
      if (channel.policy.markSeen && maySend(channel)) void sender.act(channel, userOf(id), 'mark_seen')
      type(channel, id)
    },
    type,
    compare(state) {
      if (typing.has(state.id) && !isAnswering(state)) end(state.id)
    },
    stop() {
      for (const id of [...typing.keys()]) end(id)
    },
  }
}

/** A run is under way, or what the bot answered has not left yet. */
function isAnswering({ asking, outbox }: Conversation): boolean {
  const isToLeave = outbox.parts.some(({ message, leaves }) => message.status === 'queued' && leaves === 'while_on')
  return asking.run !== null || isToLeave
}
