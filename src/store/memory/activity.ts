import { NEWER, NOWHERE, OLDER, type Slot, type Table } from './table.js'

/** All conversations ordered by their last message, newest first: the API's list, and the order of eviction. */
export interface ActivityOrder {
  toFront(slot: Slot): void
  remove(slot: Slot): void
  /** NOWHERE for none. */
  newest(): Slot
  /** Creates a cursor for one purpose. */
  createHand(): Hand
}

/**
 * A cursor (a clock hand) from the oldest to the newest conversation. It advances a few steps at a time and keeps its
 * place when conversations move: scanning a million of them at once would block the process.
 */
export interface Hand {
  /** The next one; NOWHERE at the end, after which it starts again with the oldest. */
  next(): Slot
  rewind(): void
}

interface Place {
  slot: Slot
  isUnderWay: boolean
}

export function createActivityOrder(table: Table): ActivityOrder {
  let newest = NOWHERE
  let oldest = NOWHERE
  let clock = 0
  const places: Place[] = []

  function remove(slot: Slot): void {
    const newer = table.get(slot, NEWER)
    const older = table.get(slot, OLDER)
    for (const place of places) if (place.slot === slot) place.slot = newer
    if (newer === NOWHERE) {
      if (newest === slot) newest = older
    } else table.set(newer, OLDER, older)
    if (older === NOWHERE) {
      if (oldest === slot) oldest = newer
    } else table.set(older, NEWER, newer)
    table.set(slot, NEWER, NOWHERE)
    table.set(slot, OLDER, NOWHERE)
  }

  return {
    toFront(slot) {
      clock += 1
      table.setActivity(slot, clock)
      if (newest === slot) return
      remove(slot)
      table.set(slot, OLDER, newest)
      if (newest === NOWHERE) oldest = slot
      else table.set(newest, NEWER, slot)
      newest = slot
    },
    remove,
    newest: () => newest,
    createHand() {
      const place: Place = { slot: NOWHERE, isUnderWay: false }
      places.push(place)
      return {
        next() {
          const slot = place.isUnderWay ? place.slot : oldest
          place.isUnderWay = slot !== NOWHERE
          place.slot = slot === NOWHERE ? NOWHERE : table.get(slot, NEWER)
          return slot
        },
        rewind() {
          place.isUnderWay = false
          place.slot = NOWHERE
        },
      }
    },
  }
}
