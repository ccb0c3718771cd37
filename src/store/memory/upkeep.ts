import type { ActivityOrder } from './activity.js'
import { atRest } from './at-rest.js'
import type { Conversations } from './conversations.js'
import { type Entry, openBytesOf } from './entry.js'
import { dropOlderThan, NOTHING_EARLIER } from './history.js'
import type { MemoryLimits } from './limits.js'
import { isOver, type Seconds } from './seconds.js'
import type { Sums } from './sums.js'
import { HISTORY_TTL, KEEP_UNTIL, NOWHERE, REST_BYTES, type Slot, type Table, TIDY_AT, TOUCHED_AT } from './table.js'

/** Drops what has expired, and the oldest where there is too much, a few at a time. */
export interface Upkeep {
  /** Forgets conversations without open work, the oldest first, if there are almost too many. */
  makeRoom(): void
  /** Clears histories, the oldest first, if they are too large. */
  clearHistories(): void
  /** Of messages that came before that time. */
  dropOld(entry: Entry, before: number): void
  /** Comes by a part of all conversations. */
  sweep(): void
}

/** The store starts to evict at this share, and evicts down to the other, so that it rarely has to start over. */
const FULL = 0.98
const ROOMY = 0.95
/** Conversations that one insert looks at for room, about 20 µs; the sweep does the rest. */
const STEPS_FOR_ONE = 256
const STEPS_FOR_SWEEP = 1_024
/** Of sweeps that together come by every conversation: a minute. */
export const TURNS = 1_280

export function createUpkeep(parts: {
  readonly table: Table
  readonly all: Conversations
  readonly order: ActivityOrder
  readonly clock: Seconds
  readonly now: () => number
  readonly limits: MemoryLimits
  readonly sums: Sums
  readonly restsAfter: () => number
  readonly forget: (slot: Slot) => void
  readonly put: (entry: Entry, state: Entry['state'], openBytes: number) => void
}): Upkeep {
  const { table, all, order, clock, now, limits, sums, restsAfter, forget, put } = parts
  const forgetting = order.createHand()
  const clearing = order.createHand()
  let isMakingRoom = false
  let turn = 0

  function makeRoom(steps: number): void {
    if (!isMakingRoom && sums.conversations < limits.conversations * FULL) return
    isMakingRoom = true
    const time = clock.now()
    for (let i = 0; i < steps; i++) {
      const slot = forgetting.next()
      if (slot === NOWHERE || sums.conversations <= limits.conversations * ROOMY) {
        isMakingRoom = false
        forgetting.rewind()
        return
      }
      if (table.get(slot, KEEP_UNTIL) <= time) forget(slot)
    }
  }

  function dropOld(entry: Entry, before: number): void {
    const { historyBytes, earlier } = entry
    if (historyBytes === 0) return
    // The oldest messages are in the row, which need not be read where they are young.
    if (earlier !== NOTHING_EARLIER && clock.at(before) < earlier.oldestAt) return
    sums.historyBytes -= historyBytes
    dropOlderThan(entry, before)
    sums.historyBytes += entry.historyBytes
  }

  function sweepOne(slot: Slot, time: number): void {
    const sinceOpened = clock.at(time)
    if (isOver(table, slot, sinceOpened)) {
      forget(slot)
      return
    }
    const isSilent = sinceOpened - table.get(slot, TOUCHED_AT) >= restsAfter()
    if (all.isAtRest(slot)) {
      if (isSilent) all.setOpenBytes(slot, table.get(slot, REST_BYTES))
      if (table.get(slot, TIDY_AT) > sinceOpened) return
    }
    const entry = all.entryOf(slot)
    dropOld(entry, time - table.get(slot, HISTORY_TTL) * 1000)
    if (!isSilent) return
    const state = atRest(entry.state, time)
    if (state !== entry.state) put(entry, state, openBytesOf(state))
  }

  return {
    makeRoom: () => makeRoom(STEPS_FOR_ONE),
    /** What the cursor has passed stays empty: a conversation with a new message moves to the front. */
    clearHistories() {
      for (let i = 0; i < STEPS_FOR_ONE && sums.historyBytes > limits.historyBytes; i++) {
        const slot = clearing.next()
        if (slot === NOWHERE) continue
        sums.historyBytes -= all.historyBytesOf(slot)
        all.clearHistory(slot)
      }
    },
    dropOld,
    sweep() {
      const time = now()
      const size = table.size()
      const from = Math.floor((size * turn) / TURNS)
      const to = Math.floor((size * (turn + 1)) / TURNS)
      turn = (turn + 1) % TURNS
      for (let slot = from; slot < to; slot++) if (table.version(slot) > 0) sweepOne(slot, time)
      makeRoom(STEPS_FOR_SWEEP)
    },
  }
}
