import type { Notification, NotificationQueue, QueuedNotification } from '../../engine/ports.js'

/** The queue of notifications, oldest first. */
export interface Notifications extends NotificationQueue {
  add(subject: string, notifications: readonly Notification[]): void
  forget(subject: string): void
}

interface Queued extends Notification {
  readonly subject: string
}

/** The size of a notification without its body. */
const OWN_BYTES = 300

export function createNotifications({ mostBytes }: { readonly mostBytes: number }): Notifications {
  const queue = new Map<number, Queued>()
  const announced = new Map<string, boolean>()
  /** Numbers below were removed; some above may be too. */
  let oldest = 1
  let newest = 0
  let bytes = 0

  function drop(number: number): void {
    const queued = queue.get(number)
    if (queued === undefined) return
    queue.delete(number)
    bytes -= bytesOf(queued)
  }

  function add(subject: string, notifications: readonly Notification[]): void {
    for (const notification of notifications) {
      const queued = { ...notification, subject }
      newest += 1
      queue.set(newest, queued)
      bytes += bytesOf(queued)
    }
    while (bytes > mostBytes) {
      drop(oldest)
      oldest += 1
    }
  }

  return {
    add,
    read(after, limit) {
      const notifications: QueuedNotification[] = []
      for (let number = Math.max(Number(after ?? 0) + 1, oldest); number <= newest; number++) {
        const queued = queue.get(number)
        if (queued === undefined) continue
        if (notifications.length === limit) return { notifications, next: String(number - 1), isCut: true }
        const { id, target, at, subject } = queued
        notifications.push({ key: String(number), subject, id, target, at })
      }
      return { notifications, next: String(newest), isCut: false }
    },
    bodyOf: (key) => queue.get(Number(key))?.body ?? null,
    remove(keys) {
      for (const key of keys) drop(Number(key))
    },
    announced: (channelId) => announced.get(channelId) ?? null,
    announce(channelId, isConnected, notifications) {
      announced.set(channelId, isConnected)
      add(channelId, notifications)
    },
    forget(subject) {
      for (const [number, queued] of queue) if (queued.subject === subject) drop(number)
    },
  }
}

function bytesOf({ body }: Queued): number {
  return OWN_BYTES + 2 * body.length
}
