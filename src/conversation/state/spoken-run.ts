/** One echo that was taken for the bot's because of a flag, and of nothing better. */
export interface FlagUse {
  /** The echo's own time, as it was judged. */
  readonly at: number
  /** The echo's message. */
  readonly seq: number
  /** When the flag was raised. */
  readonly raisedAt: number
  /** It used no flag up, but came right before or after an echo that did. */
  readonly isTail: boolean
  /** Without the flag it would have been a person's. */
  readonly isDisputable: boolean
}

/** What a run said whose assistant sends the answer by itself, and what of it has come back. Texts by their digest. */
export interface SpokenRun {
  readonly runId: string
  /** Marks made since then announce its messages. */
  readonly startedAt: number
  /** When it came to its end, as far as that is known; 0 for not yet. */
  readonly endedAt: number
  /** How long its texts are expected; 0 for no end, while it is under way. */
  readonly until: number
  /** Texts still to come back, each as a whole and in the parts in which it would leave. */
  readonly expected: readonly ExpectedText[]
  /** Texts of its messages that have come back, known by whatever. */
  readonly heard: readonly string[]
  /** Parts but the first of what it had us send, by their `seq`: who announced the message did not know of them. */
  readonly furtherParts: readonly number[]
}

export interface ExpectedText {
  readonly whole: string
  readonly parts: readonly string[]
}
