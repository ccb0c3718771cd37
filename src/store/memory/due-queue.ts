import { FOREVER } from '../../conversation/channel.js'
import type { Entry } from './entry.js'

/**
 * A heap of due times. Postponing costs nothing: the entry comes up at its old time and is queued again. A burst of
 * messages postpones its conversation with each message, on the webhook's path.
 */
export interface DueQueue {
  /** FOREVER removes the entry. */
  set(entry: Entry, at: number): void
  remove(entry: Entry): void
  /** Removes and returns the earliest entry that is due. */
  take(now: number): Entry | null
  /** Postpones up to so many due entries by a lease, and returns them. */
  claim(limit: number, now: number, leaseMs: number): readonly Entry[]
  next(): number
  /** The number of entries that are due, and that will be. */
  depth(now: number): { readonly due: number; readonly later: number }
}

export function createDueQueue(): DueQueue {
  // Parallel arrays: an array of numbers only stores them without an object each.
  const entries: Entry[] = []
  /** The heap's order … */
  const queuedAt: number[] = []
  /** … and the actual due time, which is never earlier. */
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

  /** The earliest actual time; FOREVER when the queue is empty. */
  function settle(): number {
    for (;;) {
      const first = entries[0]
      if (first === undefined) return FOREVER
      const due = dueAt[0]!
      if (due === queuedAt[0]) return due
      sink(0, first, due, due)
    }
  }

  function set(entry: Entry, at: number): void {
    const place = entry.duePlace
    if (at >= FOREVER) remove(entry)
    else if (place < 0) rise(entries.length, entry, at, at)
    else if (at < queuedAt[place]!) rise(place, entry, at, at)
    else dueAt[place] = at
  }

  function take(now: number): Entry | null {
    if (settle() > now || entries.length === 0) return null
    const first = entries[0]!
    remove(first)
    return first
  }

  /** Looks only at entries that were queued for a time until now: what is due is among them, and they are the top of the heap. */
  function dueBelow(place: number, now: number): number {
    if (place >= entries.length || queuedAt[place]! > now) return 0
    return (dueAt[place]! <= now ? 1 : 0) + dueBelow(place * 2 + 1, now) + dueBelow(place * 2 + 2, now)
  }

  return {
    set,
    remove,
    take,
    claim(limit, now, leaseMs) {
      const claimed: Entry[] = []
      while (claimed.length < limit) {
        const entry = take(now)
        if (entry === null) break
        set(entry, now + leaseMs)
        claimed.push(entry)
      }
      return claimed
    },
    next: settle,
    depth(now) {
      const due = dueBelow(0, now)
      return { due, later: entries.length - due }
    },
  }
}
