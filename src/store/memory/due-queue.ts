import { FOREVER } from '../../conversation/channel.js'
import type { Entry } from './entry.js'

/**
 * A heap of due times. A time that moves away costs nothing: the entry comes up at its old time and is queued anew.
 * A burst of messages moves its conversation's due time with each of them, and this happens on the webhook's path.
 */
export interface DueQueue {
  set(entry: Entry, at: number): void
  remove(entry: Entry): void
  /** The earliest entry that is due, taken out of the queue. */
  take(now: number): Entry | null
  next(): number
}

interface Node {
  readonly at: number
  readonly entry: Entry
}

export function createDueQueue(): DueQueue {
  const heap: Node[] = []

  function queue(entry: Entry, at: number): void {
    entry.queuedAt = at
    heap.push({ at, entry })
    let child = heap.length - 1
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (heap[parent]!.at <= at) break
      swap(parent, child)
      child = parent
    }
  }

  function pop(): Node {
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      let parent = 0
      for (;;) {
        const left = parent * 2 + 1
        const right = left + 1
        let least = parent
        if (left < heap.length && heap[left]!.at < heap[least]!.at) least = left
        if (right < heap.length && heap[right]!.at < heap[least]!.at) least = right
        if (least === parent) break
        swap(parent, least)
        parent = least
      }
    }
    return top
  }

  function swap(a: number, b: number): void {
    const node = heap[a]!
    heap[a] = heap[b]!
    heap[b] = node
  }

  /** Brings the heap's top to a node that still means something. */
  function settle(): Node | null {
    for (;;) {
      const top = heap[0]
      if (top === undefined) return null
      if (top.at === top.entry.queuedAt && top.at === top.entry.dueAt) return top
      pop()
      if (top.at !== top.entry.queuedAt) continue
      top.entry.queuedAt = 0
      if (top.entry.dueAt < FOREVER) queue(top.entry, top.entry.dueAt)
    }
  }

  return {
    set(entry, at) {
      entry.dueAt = at
      if (at < FOREVER && (entry.queuedAt === 0 || at < entry.queuedAt)) queue(entry, at)
    },
    remove(entry) {
      entry.dueAt = FOREVER
      entry.queuedAt = 0
    },
    take(now) {
      const top = settle()
      if (top === null || top.at > now) return null
      pop()
      top.entry.queuedAt = 0
      return top.entry
    },
    next: () => settle()?.at ?? FOREVER,
  }
}
