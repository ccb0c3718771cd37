import { encodeState } from '../rows/state-row.js'
import { type Entry, isSilentEntry } from './entry.js'

/**
 * Conversations without any message or other text, mostly those with a bot flag alone, are kept as rows, which take a
 * third of the memory of a state. An entry becomes a row when nothing has happened to it for some seconds: the echo that a flag
 * expects usually comes before.
 */
export interface SilentRows {
  /** An event has changed this silent conversation. */
  changed(entry: Entry): void
  /** Turns some of the entries at rest into rows; `now` in seconds, as in `touchedAt`. */
  sweep(now: number): void
}

const REST_S = 2
/** Some milliseconds. */
const ROWS_AT_ONCE = 2_000

export function createSilentRows(): SilentRows {
  let changed: Entry[] = []
  let resting: Entry[] = []
  let restingSince = 0

  return {
    changed: (entry) => void changed.push(entry),
    sweep(now) {
      if (now - restingSince < REST_S) return
      for (let i = 0; i < ROWS_AT_ONCE && resting.length > 0; i++) {
        const entry = resting.pop()!
        const { kept } = entry
        if (typeof kept === 'string' || !isSilentEntry(entry)) continue
        // One that was changed since is among the changed ones again.
        if (entry.openBytes === 0 && now - entry.touchedAt >= REST_S) entry.kept = inOnePiece(encodeState(kept))
      }
      if (resting.length > 0) return
      resting = changed
      changed = []
      restingSince = now
    },
  }
}

/** A string that was composed of parts keeps them in memory beside the whole. */
function inOnePiece(text: string): string {
  return Buffer.from(text).toString()
}
