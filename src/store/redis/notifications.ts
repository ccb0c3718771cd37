import type { NotificationQueue } from '../../engine/ports.js'
import type { Commands } from './commands.js'
import { type Keys, PARTITIONS } from './keys.js'
import { bodyOf, decodeNotification, encodeNotification } from './notification-row.js'

/** Reads the notifications from the streams that commits append to. */
export function createNotifications({
  commands,
  keys,
}: {
  readonly commands: Commands
  readonly keys: Keys
}): NotificationQueue {
  return {
    async read(after, limit) {
      const positions = after === null ? START : (JSON.parse(after) as readonly string[])
      const most = Math.max(1, Math.ceil(limit / PARTITIONS))
      const found = await Promise.all(
        positions.map((position, partition) =>
          // An unreachable partition is skipped until the next read, and does not hold up the others.
          commands.stream(keys.notifications(partition), position, most).catch(() => NOTHING),
        ),
      )
      return {
        notifications: found.flatMap((entries, partition) =>
          entries.map(([id, text]) => decodeNotification(`${partition}:${id}`, text)),
        ),
        next: JSON.stringify(positions.map((position, partition) => found[partition]!.at(-1)?.[0] ?? position)),
        isCut: found.some((entries) => entries.length === most),
      }
    },
    async bodyOf(key) {
      const { partition, id } = placeOf(key)
      const text = await commands.streamValue(keys.notifications(partition), id)
      return text === null ? null : bodyOf(text)
    },
    async remove(gone) {
      const byPartition = new Map<number, string[]>()
      for (const key of gone) {
        const { partition, id } = placeOf(key)
        byPartition.set(partition, [...(byPartition.get(partition) ?? []), id])
      }
      await Promise.all(
        [...byPartition].map(([partition, ids]) => commands.removeFromStream(keys.notifications(partition), ids)),
      )
    },
    async announced(channelId) {
      const value = await commands.field(keys.announced(keys.partitionOf(channelId)), channelId)
      return value === null ? null : value === '1'
    },
    async announce(channelId, isConnected, notifications) {
      const partition = keys.partitionOf(channelId)
      await commands.announce(
        [keys.announced(partition), keys.notifications(partition)],
        channelId,
        isConnected ? '1' : '0',
        notifications.map((notification) => encodeNotification(channelId, notification)),
      )
    },
  }
}

const START: readonly string[] = Array.from({ length: PARTITIONS }, () => '0-0')

const NOTHING: Awaited<ReturnType<Commands['stream']>> = []

function placeOf(key: string): { readonly partition: number; readonly id: string } {
  const [partition = '', id = ''] = key.split(':')
  return { partition: Number(partition), id }
}
