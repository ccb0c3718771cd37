/** The sends and runs that this process has started and not finished; draining waits for them. */
export interface UnderWay {
  readonly size: number
  /** The work must never reject: it handles its own failures. */
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
