/** An echo that was attributed to the bot by a flag only. */
export interface FlagUse {
  /** The time by which the echo was judged. */
  readonly at: number
  /** The `seq` of the echo's message. */
  readonly seq: number
  /** When the flag was raised. */
  readonly raisedAt: number
  /** The echo used up no flag itself, but came close to one that did. */
  readonly isTail: boolean
  /** Without the flag it would have been attributed to a person. */
  readonly isDisputable: boolean
}

/** A run whose assistant sends by itself: the texts that it streamed, by digest, and which of them have come back. */
export interface SpokenRun {
  readonly runId: string
  /** Marks made since then announce its messages. */
  readonly startedAt: number
  /** When it ended, if known; 0 for not yet. */
  readonly endedAt: number
  /** How long its texts are expected; 0 without an end, while it is under way. */
  readonly until: number
  /** Texts whose echo is expected, each as a whole and in the parts in which it would be sent. */
  readonly expected: readonly ExpectedText[]
  /** Texts whose echo has come, recognised by any evidence. */
  readonly heard: readonly string[]
  /** The `seq`s of the second and further parts of texts that it had us send, which its marks did not announce. */
  readonly furtherParts: readonly number[]
}

export interface ExpectedText {
  readonly whole: string
  readonly parts: readonly string[]
}
