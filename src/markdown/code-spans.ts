import { pastRun, TICK } from './signs.js'

/** Where the runs of ticks stand, by their size: code ends at the next run of the size that it began with. */
export class CodeSpans {
  private runs: Map<number, number[]> | null = null

  constructor(private readonly text: string) {}

  /** Of code that begins before `from`, asked for in the order in which the text has it. -1 where it does not end. */
  endOf(size: number, from: number): number {
    this.runs ??= this.findRuns()
    const places = this.runs.get(size)!
    while (places.length > 0 && places.at(-1)! < from) places.pop()
    return places.at(-1) ?? -1
  }

  /** The last ones first. */
  private findRuns(): Map<number, number[]> {
    const runs = new Map<number, number[]>()
    for (let at = this.text.indexOf('`'); at >= 0; ) {
      const end = pastRun(this.text, at, TICK)
      const places = runs.get(end - at)
      if (places === undefined) runs.set(end - at, [at])
      else places.push(at)
      at = this.text.indexOf('`', end)
    }
    for (const places of runs.values()) places.reverse()
    return runs
  }
}
