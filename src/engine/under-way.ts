/** What this process has begun and not finished: whoever stops it waits for that. */
export interface UnderWay {
  readonly size: number
  /** Never fails: what may go wrong is the work's own affair. */
  add(work: Promise<void>): void
  idle(): Promise<void>
}

export function createUnderWay(): UnderWay {
  const works = new Set<Promise<void>>()
  return {
    get size() {
      return works.size
    },
    add(work) {
      works.add(work)
      work.finally(() => works.delete(work))
    },
    async idle() {
      while (works.size > 0) await Promise.all(works)
    },
  }
}
