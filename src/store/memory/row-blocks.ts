import { BLOCK, NOWHERE, OFFSET, type Slot, type Table } from './table.js'

/**
 * The rows of conversations, one behind the other in large blocks outside of the heap: the garbage collector does not
 * look into them. When half of a block is rows that were dropped, the others move to the newest block.
 */
export interface RowBlocks {
  /** Writes a conversation's row in place of the one that it may have. False where it is too long for a block. */
  put(slot: Slot, row: NewRow): boolean
  /** A conversation without a row has nothing to drop. */
  drop(slot: Slot): void
  get(slot: Slot): Row
  /** The text of the history, which is not read with the rest: it is long, and most events do not need it. */
  historyOf(slot: Slot): string
  idOf(slot: Slot): string
  isOf(slot: Slot, id: string): boolean
  clearHistory(slot: Slot): void
  /** Moves the rows of one block, if one is half empty. */
  tidy(): void
}

export interface Row {
  readonly id: string
  readonly state: string
  /** The history has so many more messages than its text: the last ones of those that wait, which are in the state. */
  readonly shared: number
  /** When the oldest message of the history arrived, in seconds of the store. */
  readonly oldestAt: number
  /** The `seq` of the newest message in the history's text; 0 where that is empty. */
  readonly newest: number
}

export interface NewRow extends Row {
  readonly history: string
  /** Whether that goes behind the history of the row before; else it is all. */
  readonly goesOn: boolean
}

interface Block {
  readonly bytes: Buffer
  readonly words: Int32Array
  /** In words, as all places and lengths here. */
  used: number
  live: number
  /** Whether it waits to be emptied. */
  isSparse: boolean
}

const BLOCK_WORDS = 1 << 16
/** A row begins with these words (sizes in bytes); then come its texts: id, state, history. */
const SLOT = 0
const LENGTH = 1
/** Two numbers: the size of the id, and how many messages are shared. */
const ID_SIZE_AND_SHARED = 2
const STATE_SIZE = 3
const HISTORY_SIZE = 4
const OLDEST_AT = 5
const NEWEST = 6
const HEAD = 7
/** Where the second number of a word begins. */
const SHARED_BITS = 16
const SPARE_BLOCKS = 32

export function createRowBlocks(table: Table): RowBlocks {
  const blocks: (Block | null)[] = []
  const free: number[] = []
  const spare: Block[] = []
  let sparse: number[] = []
  let newest = NOWHERE

  /** The newest block, with room for so many words. */
  function blockFor(length: number): Block {
    if (newest === NOWHERE || blocks[newest]!.used + length > BLOCK_WORDS) {
      const full = newest
      newest = free.pop() ?? blocks.length
      blocks[newest] = spare.pop() ?? createBlock()
      if (full !== NOWHERE) look(full)
    }
    return blocks[newest]!
  }

  function place(slot: Slot, block: Block, length: number): void {
    table.set(slot, BLOCK, newest)
    table.set(slot, OFFSET, block.used)
    block.used += length
    block.live += length
  }

  /** Looks whether a block is empty or can be emptied. */
  function look(index: number): void {
    const block = blocks[index]!
    if (index === newest) return
    if (block.live === 0) release(index)
    else if (block.live * 2 < block.used && !block.isSparse) {
      block.isSparse = true
      sparse.push(index)
    }
  }

  function release(index: number): void {
    const block = blocks[index]!
    if (block.isSparse) sparse = sparse.filter((each) => each !== index)
    block.isSparse = false
    block.used = 0
    // A new block makes the garbage collector come: it counts memory outside of the heap too.
    if (spare.length < SPARE_BLOCKS) spare.push(block)
    blocks[index] = null
    free.push(index)
  }

  function empty(index: number): void {
    const block = blocks[index]!
    for (let offset = 0; offset < block.used; offset += block.words[offset + LENGTH]!) {
      const slot = block.words[offset + SLOT]!
      if (table.get(slot, BLOCK) !== index || table.get(slot, OFFSET) !== offset) continue
      const length = block.words[offset + LENGTH]!
      const to = blockFor(length)
      to.words.set(block.words.subarray(offset, offset + length), to.used)
      place(slot, to, length)
      block.live -= length
    }
    release(index)
  }

  function tidy(): void {
    if (sparse.length > 0) empty(sparse[0]!)
  }

  function blockOf(slot: Slot): Block {
    return blocks[table.get(slot, BLOCK)]!
  }

  function wordOf(slot: Slot, word: number): number {
    return blockOf(slot).words[table.get(slot, OFFSET) + word]!
  }

  /** Where the text of the history begins. */
  function historyAt(slot: Slot): number {
    const { words } = blockOf(slot)
    const offset = table.get(slot, OFFSET)
    return (offset + HEAD) * 4 + idSize(words, offset) + words[offset + STATE_SIZE]!
  }

  function drop(slot: Slot): void {
    const index = table.get(slot, BLOCK)
    if (index === NOWHERE) return
    blocks[index]!.live -= wordOf(slot, LENGTH)
    table.set(slot, BLOCK, NOWHERE)
    look(index)
  }

  return {
    put(slot, { id, state, shared, oldestAt, newest: newestSeq, history, goesOn }) {
      const stateBytes = Buffer.byteLength(state)
      const keptBytes = goesOn ? wordOf(slot, HISTORY_SIZE) : 0
      const historyBytes = keptBytes + Buffer.byteLength(history)
      const length = HEAD + Math.ceil((id.length + stateBytes + historyBytes) / 4)
      if (length > BLOCK_WORDS) return false
      const blockBefore = newest
      const block = blockFor(length)
      const { bytes, words, used } = block
      words[used + SLOT] = slot
      words[used + LENGTH] = length
      words[used + ID_SIZE_AND_SHARED] = id.length | (shared << SHARED_BITS)
      words[used + STATE_SIZE] = stateBytes
      words[used + HISTORY_SIZE] = historyBytes
      words[used + OLDEST_AT] = oldestAt
      words[used + NEWEST] = newestSeq
      let to = (used + HEAD) * 4
      to += bytes.write(id, to, 'latin1')
      to += bytes.write(state, to)
      if (goesOn) to += blockOf(slot).bytes.copy(bytes, to, historyAt(slot), historyAt(slot) + keptBytes)
      bytes.write(history, to)
      drop(slot)
      place(slot, block, length)
      // With each new block one is emptied, so that rows that were dropped take no more memory than the others.
      if (newest !== blockBefore) tidy()
      return true
    },
    drop,
    get(slot) {
      const { bytes, words } = blockOf(slot)
      const offset = table.get(slot, OFFSET)
      const id = (offset + HEAD) * 4
      const state = id + idSize(words, offset)
      return {
        id: bytes.toString('latin1', id, state),
        state: bytes.toString('utf8', state, state + words[offset + STATE_SIZE]!),
        shared: words[offset + ID_SIZE_AND_SHARED]! >>> SHARED_BITS,
        oldestAt: words[offset + OLDEST_AT]!,
        newest: words[offset + NEWEST]!,
      }
    },
    historyOf(slot) {
      const from = historyAt(slot)
      return blockOf(slot).bytes.toString('utf8', from, from + wordOf(slot, HISTORY_SIZE))
    },
    idOf(slot) {
      const { bytes, words } = blockOf(slot)
      const offset = table.get(slot, OFFSET)
      const from = (offset + HEAD) * 4
      return bytes.toString('latin1', from, from + idSize(words, offset))
    },
    isOf(slot, id) {
      const { bytes, words } = blockOf(slot)
      const offset = table.get(slot, OFFSET)
      if (idSize(words, offset) !== id.length) return false
      const from = (offset + HEAD) * 4
      for (let i = 0; i < id.length; i++) if (bytes[from + i] !== id.charCodeAt(i)) return false
      return true
    },
    clearHistory(slot) {
      const { words } = blockOf(slot)
      const offset = table.get(slot, OFFSET)
      words[offset + HISTORY_SIZE] = 0
      words[offset + NEWEST] = 0
      words[offset + ID_SIZE_AND_SHARED] = idSize(words, offset)
    },
    tidy,
  }
}

function idSize(words: Int32Array, offset: number): number {
  return words[offset + ID_SIZE_AND_SHARED]! & ((1 << SHARED_BITS) - 1)
}

function createBlock(): Block {
  const bytes = Buffer.allocUnsafeSlow(BLOCK_WORDS * 4)
  return { bytes, words: new Int32Array(bytes.buffer), used: 0, live: 0, isSparse: false }
}
