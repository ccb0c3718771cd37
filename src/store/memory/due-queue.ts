import { FOREVER } from '../../conversation/channel.js'
import { DUE_PLACE, NOWHERE, type Slot, type Table } from './table.js'

/**
 * A heap of due times. Postponing costs nothing: the conversation comes up at its old time and is queued again. A burst of
 * messages postpones its conversation with each message, on the webhook's path.
 */
export interface DueQueue {
  /** FOREVER removes it. */
  set(slot: Slot, at: number): void
  remove(slot: Slot): void
  /** Removes and returns the earliest that is due; NOWHERE for none. */
  take(now: number): Slot
  /** Postpones up to so many that are due by a lease, and returns them. */
  claim(limit: number, now: number, leaseMs: number): readonly Slot[]
  next(): number
  /** The number of conversations that are due, and that will be. */
  depth(now: number): { readonly due: number; readonly later: number }
}

export function createDueQueue(table: Table): DueQueue {
  // Parallel arrays: an array of numbers only stores them without an object each.
  const slots: Slot[] = []
  /** The heap's order … */
  const queuedAt: number[] = []
  /** … and the actual due time, which is never earlier. */
  const dueAt: number[] = []

  function put(place: number, slot: Slot, queued: number, due: number): void {
    slots[place] = slot
    queuedAt[place] = queued
    dueAt[place] = due
    table.set(slot, DUE_PLACE, place)
  }

  function rise(from: number, slot: Slot, queued: number, due: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (queuedAt[parent]! <= queued) break
      put(place, slots[parent]!, queuedAt[parent]!, dueAt[parent]!)
      place = parent
    }
    put(place, slot, queued, due)
  }

  function sink(from: number, slot: Slot, queued: number, due: number): void {
    let place = from
    for (;;) {
      let child = place * 2 + 1
      if (child >= slots.length) break
      if (child + 1 < slots.length && queuedAt[child + 1]! < queuedAt[child]!) child += 1
      if (queuedAt[child]! >= queued) break
      put(place, slots[child]!, queuedAt[child]!, dueAt[child]!)
      place = child
    }
    put(place, slot, queued, due)
  }

  function remove(slot: Slot): void {
    const place = table.get(slot, DUE_PLACE)
    if (place < 0) return
    table.set(slot, DUE_PLACE, NOWHERE)
    const last = slots.pop()!
    const queued = queuedAt.pop()!
    const due = dueAt.pop()!
    if (last === slot) return
    if (place > 0 && queuedAt[(place - 1) >> 1]! > queued) rise(place, last, queued, due)
    else sink(place, last, queued, due)
  }

  /** The earliest actual time; FOREVER when the queue is empty. */
  function settle(): number {
    for (;;) {
      const first = slots[0]
      if (first === undefined) return FOREVER
      const due = dueAt[0]!
      if (due === queuedAt[0]) return due
      sink(0, first, due, due)
    }
  }

  function set(slot: Slot, at: number): void {
    const place = table.get(slot, DUE_PLACE)
    if (at >= FOREVER) remove(slot)
    else if (place < 0) rise(slots.length, slot, at, at)
    else if (at < queuedAt[place]!) rise(place, slot, at, at)
    else dueAt[place] = at
  }

  function take(now: number): Slot {
    if (settle() > now || slots.length === 0) return NOWHERE
    const first = slots[0]!
    remove(first)
    return first
  }

  /** Looks only at what was queued for a time until now: what is due is among it, and it is the top of the heap. */
  function dueBelow(place: number, now: number): number {
    if (place >= slots.length || queuedAt[place]! > now) return 0
    return (dueAt[place]! <= now ? 1 : 0) + dueBelow(place * 2 + 1, now) + dueBelow(place * 2 + 2, now)
  }

  return {
    set,
    remove,
    take,
    claim(limit, now, leaseMs) {
      const claimed: Slot[] = []
      while (claimed.length < limit) {
        const slot = take(now)
        if (slot === NOWHERE) break
        set(slot, now + leaseMs)
        claimed.push(slot)
      }
      return claimed
    },
    next: settle,
    depth(now) {
      const due = dueBelow(0, now)
      return { due, later: slots.length - due }
    },
  }
}
