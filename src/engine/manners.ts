import type { Channel } from '../conversation/channel.js'
import { type ConversationId, userOf } from '../conversation/ids.js'
import type { Conversation } from '../conversation/state/state.js'
import type { ChannelHealth } from './channel-health.js'
import type { Store } from './ports.js'
import type { Sender } from './providers.js'
import type { Cancel, Timers } from './timers.js'

/**
 * Seen marks and typing indicators: show the customer that the message was read and that an answer is being written.
 */
export interface Manners {
  /** Shows both, where the channel has them switched on and the router may message the customer. */
  takeUp(channel: Channel, id: ConversationId): void
  /** Shows the typing indicator until the answer is sent or can no longer come. */
  type(channel: Channel, id: ConversationId): void
  /** Called with every state that this process commits; ends the indicator when no answer is under way. */
  compare(state: Conversation): void
  stop(): void
}

/** Renewal interval: Meta shows the indicator for 20 s, or until a message arrives. */
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

  /**
   * Reads the state before renewing: another process may have sent the answer, or a person may have taken over there.
   */
  async function renew(channel: Channel, id: ConversationId): Promise<void> {
    try {
      const state = await store.read(id)
      if (state === null || !isAnswering(state)) end(id)
      else if (typing.has(id)) show(channel, id)
    } catch {
      // The store is unreachable: try again at the next renewal.
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

/** A run is under way, or the bot's answer has not been sent yet. */
function isAnswering({ asking, outbox }: Conversation): boolean {
  const isToLeave = outbox.parts.some(({ message, leaves }) => message.status === 'queued' && leaves === 'while_on')
  return asking.run !== null || isToLeave
}
