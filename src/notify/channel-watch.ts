import type { Channel } from '../conversation/channel.js'
import type { NotificationQueue, Store } from '../engine/ports.js'
import { notificationsFor, type Show } from './compose.js'
import type { Targets } from './targets.js'

/**
 * Tells when a channel's messages no longer get through, and when they do again. Any process may find that out; the one that
 * delivers looks at what the store knows of each channel, and announces what is not as it was last announced.
 */
export interface ChannelWatch {
  look(): Promise<void>
  /** Another process may have announced things since. */
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
    // Nothing is known of its token yet.
    if (connected === null) return
    if (!announced.has(id)) announced.set(id, await queue.announced(id))
    const before = announced.get(id)
    if (before === connected) return
    // That a new channel works is no news.
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
