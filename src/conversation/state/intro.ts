/** How far the bot has introduced itself. */
export interface Intro {
  /** The `seq` of the newest introduction, 0 for none. */
  readonly seq: number
  /** It is with the customer, or may be; as long as it is in the queue, the queue tells. */
  readonly hasLeft: boolean
  /** The first message of a person since then, 0 for none. */
  readonly personSeq: number
}
