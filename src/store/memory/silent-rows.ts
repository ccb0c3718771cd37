import { encodeState } from '../rows/state-row.js'
import { type Entry, isSilentEntry } from './entry.js'

/**
 * Keeps conversations without messages and texts (mostly those with only a bot flag) as rows, which take a third of the
 * memory of a state. An entry becomes a row after some seconds without an event: most flags meet their echo before.
 */
export interface SilentRows {
  /** An event has changed this silent conversation. */
  changed(entry: Entry): void
  /** Turns some of the entries at rest into rows; `now` in seconds, as in `touchedAt`. */
  sweep(now: number): void
}

const REST_S = 2
/** Some milliseconds of work. Where more wait, a sweep takes an eighth of them, so that they never pile up. */
const ROWS_AT_ONCE = 2_000
const PARTS = 8

export function createSilentRows(): SilentRows {
  let changed: Entry[] = []
  let resting: Entry[] = []
  let restingSince = 0
  let atOnce = ROWS_AT_ONCE

  return {
    changed: (entry) => void changed.push(entry),
    sweep(now) {
      if (now - restingSince < REST_S) return
      for (let i = 0; i < atOnce && resting.length > 0; i++) {
        const entry = resting.pop()!
        const { kept } = entry
        if (typeof kept === 'string' || !isSilentEntry(entry)) continue
        // An entry that changed since is queued again.
        if (entry.openBytes === 0 && now - entry.touchedAt >= REST_S) entry.kept = inOnePiece(encodeState(kept))
      }
      if (resting.length > 0) return
      resting = changed
      atOnce = Math.max(ROWS_AT_ONCE, Math.ceil(resting.length / PARTS))
      changed = []
      restingSince = now
    },
  }
}

/** A concatenated string keeps its parts in memory too. */
function inOnePiece(text: string): string {
  return Buffer.from(text).toString()
}
