import type { Cancel, Timers } from './timers.js'

/**
 * What a run streams whose assistant sends by itself, on its way into the conversation: told when the assistant falls
 * silent for a moment, which is when a node has said all it has to say, and with every beat.
 */
export interface RunWords {
  /** All texts so far. */
  readonly said: readonly string[]
  /** All texts so far, null where nothing is new since they were told. */
  untold(): readonly string[] | null
  hear(texts: readonly string[]): void
  told(texts: readonly string[]): void
  end(): void
}

/** Shorter than a message takes to Meta and its echo back, longer than a model's pause between two words. */
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
