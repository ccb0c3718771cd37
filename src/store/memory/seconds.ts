import { IDLE_LIFE_MS, SILENT_LIFE_MS } from '../../conversation/state/lifetimes.js'
import { type Entry, isSilentEntry } from './entry.js'

/** Entries keep their times in whole seconds since the store was opened: small integers take no memory of their own. */
export interface Seconds {
  now(): number
  /** Rounded down. */
  at(time: number): number
  /** Rounded up, so that nothing expires early. */
  until(time: number): number
  /** Of a span, rounded up. */
  lasting(ms: number): number
}

/** Later than the process will live. */
const NEVER = 2 ** 31 - 1
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
    until: (time) => Math.max(-NEVER, Math.min(Math.ceil((time - openedAt) / 1000), NEVER)),
    lasting: (ms) => Math.min(Math.ceil(ms / 1000), NEVER),
  }
}

/** Whether the entry's time to be kept is over at that second. */
export function isOver(entry: Entry, time: number): boolean {
  if (entry.keepUntil > time) return false
  const life = isSilentEntry(entry) ? SILENT_LIFE : Math.max(IDLE_LIFE, entry.historyTtl)
  return time - entry.touchedAt >= life
}
