/**
 * The numbers of every conversation (its times, its sizes, its places in the indexes), outside of the heap: the garbage
 * collector does not look into them, however many conversations there are. A conversation is named by its slot.
 */
export interface Table {
  /** Takes a free slot; all its fields are 0, and the places NOWHERE. */
  take(): Slot
  free(slot: Slot): void
  /** The number of slots that were ever taken: each is below. */
  size(): number
  get(slot: Slot, field: Field): number
  set(slot: Slot, field: Field, value: number): void
  /** Set anew with each commit. 0 in a free slot. */
  version(slot: Slot): number
  setVersion(slot: Slot, version: number): void
  /** Grows with every message of any conversation: a list cursor that stays valid when conversations move. */
  activity(slot: Slot): number
  setActivity(slot: Slot, activity: number): void
}

export type Slot = number
/** No slot, no block, no place in a queue. */
export const NOWHERE = -1

/** Whole numbers of 32 bits. Times are whole seconds since the store was opened. */
export const NEWER = 4
export const OLDER = 5
/** Its position in the due queue. */
export const DUE_PLACE = 6
/** The block with its row; NOWHERE for one that was never at rest. */
export const BLOCK = 7
/** The list that it is in; NOWHERE while it is silent. */
export const LIST = 8
/** Where its row begins in the block. */
export const OFFSET = 9
export const KEEP_UNTIL = 10
export const TOUCHED_AT = 11
export const HISTORY_TTL = 12
/** The bytes of the texts of its open work. */
export const OPEN_BYTES = 13
/** The bytes of its history, while it is at rest. */
export const HISTORY_BYTES = 14
/** When the row of a conversation at rest has something to drop. */
export const TIDY_AT = 15
/** What its open work weighs when it has been at rest for long enough to drop what no rule looks back to. */
export const REST_BYTES = 16
export type Field =
  | typeof NEWER
  | typeof OLDER
  | typeof DUE_PLACE
  | typeof BLOCK
  | typeof OFFSET
  | typeof KEEP_UNTIL
  | typeof TOUCHED_AT
  | typeof HISTORY_TTL
  | typeof OPEN_BYTES
  | typeof HISTORY_BYTES
  | typeof TIDY_AT
  | typeof REST_BYTES
  | typeof LIST

/** Of 4 bytes, an even number of them. The first four hold two doubles. */
const WORDS = 18
const VERSION = 0
const ACTIVITY = 1
const DOUBLES = WORDS / 2
const BITS = 12
/** Slots of one piece: the table grows by pieces, since copying a large one would block the process. */
const PIECE = 1 << BITS

export function createTable(): Table {
  const words: Int32Array[] = []
  const doubles: Float64Array[] = []
  const freed: Slot[] = []
  let size = 0

  function grow(): void {
    const bytes = new ArrayBuffer(PIECE * WORDS * 4)
    words.push(new Int32Array(bytes))
    doubles.push(new Float64Array(bytes))
  }

  return {
    take() {
      const slot = freed.pop() ?? size
      if (slot === size) {
        if (size % PIECE === 0) grow()
        size += 1
      }
      const piece = words[slot >> BITS]!
      const first = (slot % PIECE) * WORDS
      piece.fill(0, first, first + WORDS)
      // The fields before OFFSET are places.
      piece.fill(NOWHERE, first + NEWER, first + OFFSET)
      return slot
    },
    free(slot) {
      doubles[slot >> BITS]![(slot % PIECE) * DOUBLES + VERSION] = 0
      freed.push(slot)
    },
    size: () => size,
    get: (slot, field) => words[slot >> BITS]![(slot % PIECE) * WORDS + field]!,
    set(slot, field, value) {
      words[slot >> BITS]![(slot % PIECE) * WORDS + field] = value
    },
    version: (slot) => doubles[slot >> BITS]![(slot % PIECE) * DOUBLES + VERSION]!,
    setVersion(slot, version) {
      doubles[slot >> BITS]![(slot % PIECE) * DOUBLES + VERSION] = version
    },
    activity: (slot) => doubles[slot >> BITS]![(slot % PIECE) * DOUBLES + ACTIVITY]!,
    setActivity(slot, activity) {
      doubles[slot >> BITS]![(slot % PIECE) * DOUBLES + ACTIVITY] = activity
    },
  }
}
