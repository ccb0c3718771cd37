/** Where a text may be cut: a block begins here, or an item of a list, that can be read without what stands before it. */
export interface Cut {
  readonly at: number
  /** What stands from here to the next cut is known to hold no marks. */
  readonly isPlain: boolean
}

/** Finds the cuts of a text while it is read, and leaves out what is known to hold no marks. */
export class Cuts {
  readonly found: number[] = []
  private next = 0

  constructor(
    private readonly known: readonly Cut[],
    private readonly end: number,
  ) {}

  /** Takes in that the text may be cut here, and returns where to read on: here, or behind what holds no marks. */
  pass(at: number): number {
    const { known, found } = this
    while (this.next < known.length && known[this.next]!.at < at) this.next += 1
    if (known[this.next]?.at !== at || !known[this.next]!.isPlain) {
      found.push(at)
      return at
    }
    for (; known[this.next]?.isPlain; this.next += 1) found.push(known[this.next]!.at)
    return known[this.next]?.at ?? this.end
  }
}
