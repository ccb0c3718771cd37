import { FOREVER } from '../../conversation/channel.js'
import type { Entry } from './entry.js'

/**
 * A heap of due times. A time that moves later costs nothing: the entry comes up at its old time and is queued anew.
 * A burst of messages moves its conversation's due time with each of them, and this happens on the webhook's path.
 */
export interface DueQueue {
  /** FOREVER takes it out. */
  set(entry: Entry, at: number): void
  remove(entry: Entry): void
  /** The earliest entry that is due, taken out of the queue. */
  take(now: number): Entry | null
  next(): number
  /** How many are due, and how many will be. */
  depth(now: number): { readonly due: number; readonly later: number }
}

export function createDueQueue(): DueQueue {
  // Three arrays side by side: times in an array of nothing but numbers have no objects of their own.
  const entries: Entry[] = []
  /** What the heap is ordered by … */
  const queuedAt: number[] = []
  /** … and the true time, which is never before it. */
  const dueAt: number[] = []

  function put(place: number, entry: Entry, queued: number, due: number): void {
    entries[place] = entry
    queuedAt[place] = queued
    dueAt[place] = due
    entry.duePlace = place
  }

  function rise(from: number, entry: Entry, queued: number, due: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (queuedAt[parent]! <= queued) break
      put(place, entries[parent]!, queuedAt[parent]!, dueAt[parent]!)
      place = parent
    }
    put(place, entry, queued, due)
  }

  function sink(from: number, entry: Entry, queued: number, due: number): void {
    let place = from
    for (;;) {
      let child = place * 2 + 1
      if (child >= entries.length) break
      if (child + 1 < entries.length && queuedAt[child + 1]! < queuedAt[child]!) child += 1
      if (queuedAt[child]! >= queued) break
      put(place, entries[child]!, queuedAt[child]!, dueAt[child]!)
      place = child
    }
    put(place, entry, queued, due)
  }

  function remove(entry: Entry): void {
    const place = entry.duePlace
    if (place < 0) return
    entry.duePlace = -1
    const last = entries.pop()!
    const queued = queuedAt.pop()!
    const due = dueAt.pop()!
    if (last === entry) return
    if (place > 0 && queuedAt[(place - 1) >> 1]! > queued) rise(place, last, queued, due)
    else sink(place, last, queued, due)
  }

  /** The earliest true time, FOREVER for an empty queue. */
  function settle(): number {
    for (;;) {
      const first = entries[0]
      if (first === undefined) return FOREVER
      const due = dueAt[0]!
      if (due === queuedAt[0]) return due
      sink(0, first, due, due)
    }
  }

  return {
    set(entry, at) {
      const place = entry.duePlace
      if (at >= FOREVER) remove(entry)
      else if (place < 0) rise(entries.length, entry, at, at)
      else if (at < queuedAt[place]!) rise(place, entry, at, at)
      else dueAt[place] = at
    },
    remove,
    take(now) {
      if (settle() > now || entries.length === 0) return null
      const first = entries[0]!
      remove(first)
      return first
    },
    next: settle,
    depth(now) {
      let due = 0
      for (const at of dueAt) if (at <= now) due += 1
      return { due, later: dueAt.length - due }
    },
  }
}
