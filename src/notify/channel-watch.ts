import type { Channel } from '../conversation/channel.js'
import type { NotificationQueue, Store } from '../engine/ports.js'
import { notificationsFor, type Show } from './compose.js'
import type { Targets } from './targets.js'

/**
 * Announces when a channel loses its connection to Meta and when it is restored. Any process may find that out and
 * store it; the process that delivers compares the stored facts with what was last announced.
 */
export interface ChannelWatch {
  look(): Promise<void>
  /** Drops the cached announcements: another process may have made newer ones. */
  forget(): void
}

export function createChannelWatch(parts: {
  readonly store: Pick<Store, 'channelFacts' | 'now'>
  readonly queue: Pick<NotificationQueue, 'announced' | 'announce'>
  readonly targets: Targets
  readonly channels: { get(id: string): Channel | undefined; ids(): Iterable<string> }
  readonly show: Show
}): ChannelWatch {
  const { store, queue, targets, channels, show } = parts
  const announced = new Map<string, boolean | null>()

  async function lookAt(id: string): Promise<void> {
    const channel = channels.get(id)
    const told = targets.of(id)
    if (channel === undefined || !told.some(hearsOfChannels)) return
    const shown = show.channel(channel, await store.channelFacts(id))
    const { connected } = shown
    // The token has not been used yet.
    if (connected === null) return
    if (!announced.has(id)) announced.set(id, await queue.announced(id))
    const before = announced.get(id)
    if (before === connected) return
    // A new channel that works is not announced.
    const isNews = before !== null || !connected
    const type = connected ? 'channel.connected' : 'channel.disconnected'
    const notifications = isNews ? notificationsFor(told, type, store.now(), () => ({ channel: shown })) : []
    await queue.announce(id, connected, notifications)
    announced.set(id, connected)
  }

  return {
    async look() {
      await Promise.all([...channels.ids()].map(lookAt))
    },
    forget: () => announced.clear(),
  }
}

function hearsOfChannels({ events }: { readonly events: ReadonlySet<string> }): boolean {
  return events.has('channel.disconnected') || events.has('channel.connected')
}
