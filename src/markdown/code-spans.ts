import { type Codes, pastRun, placeOf } from './codes.js'
import { TICK } from './signs.js'

/** Where the runs of ticks stand, by their size: code ends at the next run of the size that it began with. */
export class CodeSpans {
  private runs: Map<number, number[]> | null = null

  constructor(
    private readonly codes: Codes,
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** Of code that begins before `from`, asked for in the order in which the text has it. -1 where it does not end. */
  endOf(size: number, from: number): number {
    this.runs ??= this.findRuns()
    const places = this.runs.get(size)!
    while (places.length > 0 && places.at(-1)! < from) places.pop()
    return places.at(-1) ?? -1
  }

  /** The last ones first. */
  private findRuns(): Map<number, number[]> {
    const { codes, from, to } = this
    const runs = new Map<number, number[]>()
    for (let at = placeOf(codes, TICK, from, to); at < to; ) {
      const end = pastRun(codes, at, TICK, to)
      const places = runs.get(end - at)
      if (places === undefined) runs.set(end - at, [at])
      else places.push(at)
      at = placeOf(codes, TICK, end, to)
    }
    for (const places of runs.values()) places.reverse()
    return runs
  }
}
