import { IDLE_LIFE_MS, SILENT_LIFE_MS } from '../../conversation/state/lifetimes.js'
import { HISTORY_TTL, KEEP_UNTIL, LIST, NOWHERE, type Slot, type Table, TOUCHED_AT } from './table.js'

/** The times of the table: whole seconds since the store was opened. */
export interface Seconds {
  now(): number
  /** Rounded down. */
  at(time: number): number
  /** The time of a second. */
  timeOf(second: number): number
  /** Rounded up, so that nothing expires early. */
  until(time: number): number
  /** Of a span, rounded up. */
  lasting(ms: number): number
}

/** Later than the process will live. */
export const NEVER = 2 ** 31 - 1
/** For which a conversation without open work is kept after its last event, at least … */
const IDLE_LIFE = IDLE_LIFE_MS / 1000
/** … and one without any message. */
const SILENT_LIFE = SILENT_LIFE_MS / 1000

export function createSeconds(now: () => number): Seconds {
  const openedAt = now()
  const at = (time: number): number => Math.floor((time - openedAt) / 1000)
  return {
    now: () => at(now()),
    at,
    timeOf: (second) => openedAt + second * 1000,
    until: (time) => Math.max(-NEVER, Math.min(Math.ceil((time - openedAt) / 1000), NEVER)),
    lasting: (ms) => Math.min(Math.ceil(ms / 1000), NEVER),
  }
}

/** Whether the time for which the conversation is kept is over at that second. */
export function isOver(table: Table, slot: Slot, time: number): boolean {
  if (table.get(slot, KEEP_UNTIL) > time) return false
  const isSilent = table.get(slot, LIST) === NOWHERE
  const life = isSilent ? SILENT_LIFE : Math.max(IDLE_LIFE, table.get(slot, HISTORY_TTL))
  return time - table.get(slot, TOUCHED_AT) >= life
}
