import type { Notification, NotificationQueue, QueuedNotification } from '../../engine/ports.js'
import type { Group } from './group.js'
import type { Database } from './package.js'

/** The queue of notifications, in the order of commits. */
export interface Notifications extends NotificationQueue {
  /** Must be called within the group's transaction. */
  add(subject: string, notifications: readonly Notification[]): void
  /** Must be called within a transaction, like `tidy`. */
  forget(subject: string): void
  /** Drops some of the expired notifications. */
  tidy(): void
}

/** The cap when nobody takes them: about 150 MB. */
const MOST = 100_000
/** How many of the oldest are dropped at a time. */
const DROPPED_AT_ONCE = 500
/** Longer than a notification may wait for delivery. */
const LIFE_MS = 48 * 3_600_000

interface Row {
  readonly id: number
  readonly subject: string
  readonly target: string
  readonly webhook_id: string
  readonly at_ms: number
}

export function createNotifications(parts: {
  readonly writer: Database
  readonly reader: Database
  readonly group: Group
  readonly now: () => number
  readonly nextNumber: () => number
  readonly most?: number
}): Notifications {
  const { writer, reader, group, now, nextNumber, most = MOST } = parts
  const insert = writer.prepare(
    'INSERT INTO notifications (id, subject, target, webhook_id, at_ms, body) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const removeOne = writer.prepare('DELETE FROM notifications WHERE id = ?')
  const removeOf = writer.prepare('DELETE FROM notifications WHERE subject = ?')
  const countAll = writer.prepare('SELECT count(*) AS many FROM notifications')
  const dropOldest = writer.prepare(
    'DELETE FROM notifications WHERE id <= (SELECT max(id) FROM (SELECT id FROM notifications ORDER BY id LIMIT ?))',
  )
  const dropOutdated = writer.prepare(
    'DELETE FROM notifications WHERE id <= (SELECT max(id) FROM (SELECT id, at_ms FROM notifications ORDER BY id LIMIT ?) WHERE at_ms < ?)',
  )
  const putAnnounced = writer.prepare('INSERT OR REPLACE INTO announced (channel_id, is_connected) VALUES (?, ?)')
  const page = reader.prepare(
    'SELECT id, subject, target, webhook_id, at_ms FROM notifications WHERE id > ? ORDER BY id LIMIT ?',
  )
  const readBody = reader.prepare('SELECT body FROM notifications WHERE id = ?')
  const readAnnounced = reader.prepare('SELECT is_connected FROM announced WHERE channel_id = ?')
  /** How many may be added before the next count: between counts the number can only be smaller. */
  let addable = 0

  function makeRoom(): void {
    if (addable > 0) return
    const { many } = countAll.get() as { readonly many: number }
    if (many >= most) dropOldest.run(Math.max(DROPPED_AT_ONCE, many - most))
    addable = Math.max(DROPPED_AT_ONCE, most - many)
  }

  function add(subject: string, notifications: readonly Notification[]): void {
    for (const { id, target, at, body } of notifications) {
      makeRoom()
      insert.run(nextNumber(), subject, target, id, at, body)
      addable -= 1
    }
  }

  return {
    add,
    read(after, limit) {
      const rows = page.all(Number(after ?? 0), limit + 1) as unknown as readonly Row[]
      const shown = rows.slice(0, limit)
      return {
        notifications: shown.map(notificationOf),
        next: String(shown.at(-1)?.id ?? after ?? 0),
        isCut: rows.length > limit,
      }
    },
    bodyOf(key) {
      const row = readBody.get(Number(key)) as { readonly body: string } | undefined
      return row?.body ?? null
    },
    async remove(keys) {
      const { settled } = group.write(() => {
        for (const key of keys) removeOne.run(Number(key))
      })
      await settled
    },
    announced(channelId) {
      const row = readAnnounced.get(channelId) as { readonly is_connected: number } | undefined
      return row === undefined ? null : row.is_connected === 1
    },
    async announce(channelId, isConnected, notifications) {
      const { settled } = group.write(() => {
        putAnnounced.run(channelId, isConnected ? 1 : 0)
        add(channelId, notifications)
      })
      await settled
    },
    forget: (subject) => void removeOf.run(subject),
    tidy: () => void dropOutdated.run(DROPPED_AT_ONCE, now() - LIFE_MS),
  }
}

function notificationOf({ id, subject, target, webhook_id, at_ms }: Row): QueuedNotification {
  return { key: String(id), subject, target, id: webhook_id, at: at_ms }
}
