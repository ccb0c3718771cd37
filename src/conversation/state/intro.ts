/** The state of the bot's introduction. */
export interface Intro {
  /** The `seq` of the newest introduction; 0 for none. */
  readonly seq: number
  /** It was sent, or may have been. While it is queued, the outbox has its status. */
  readonly hasLeft: boolean
  /** The first message of a person since then; 0 for none. */
  readonly personSeq: number
}
