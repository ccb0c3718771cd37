import type { Cancel, Timers } from './timers.js'

/**
 * Passes on the texts that a run streams, for assistants that send by themselves: after a short silence, which marks
 * the end of a node's output, and with every heartbeat.
 */
export interface RunWords {
  /** All texts so far. */
  readonly said: readonly string[]
  /** All texts so far; null when there are no new ones since the last call. */
  untold(): readonly string[] | null
  hear(texts: readonly string[]): void
  told(texts: readonly string[]): void
  end(): void
}

/** Longer than a model pauses between two tokens, and shorter than it takes until the echo of a sent text arrives. */
const SILENCE_MS = 150

export function createRunWords(timers: Pick<Timers, 'after'>, tell: () => void): RunWords {
  let said: readonly string[] = []
  let known = said
  let cancel: Cancel = () => {}
  return {
    get said() {
      return said
    },
    untold: () => (said === known ? null : said),
    hear(texts) {
      said = texts
      cancel()
      cancel = timers.after(SILENCE_MS, tell)
    },
    told(texts) {
      known = texts
    },
    end: () => cancel(),
  }
}
