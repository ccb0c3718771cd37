import type { Budget } from './budget.js'
import { type Codes, pastBlanks } from './codes.js'
import type { Definition, Span } from './mark.js'
import { COLON, isBlank, NEWLINE } from './signs.js'
import { NONE, pastLabel, pastTitle, pastUrl } from './targets.js'

/** Reads `[label]: url "title"` from the beginning of a paragraph, line by line. */
export class DefinitionReader {
  private at: number
  private end: number
  private stage: 'label' | 'url' | 'title' | 'end' | 'failed' = 'label'
  private label: Span | null = null
  private url: Span | null = null

  constructor(
    private readonly codes: Codes,
    private readonly from: number,
    private readonly budget: Budget,
  ) {
    this.at = this.end = from
  }

  /** Takes further text in, up to the end of a line. The definition, once something else follows it. */
  add(end: number): Definition | null {
    if (this.stage === 'failed') return null
    this.end = end
    const to = this.read()
    return to >= 0 && to < end ? this.upTo(to) : null
  }

  /** The definition, if the paragraph is nothing else. */
  finish(): Definition | null {
    const { codes, at, end, stage } = this
    const isWhole = (stage === 'title' || stage === 'end') && pastBlanks(codes, at, end) === end
    return isWhole ? this.upTo(end) : null
  }

  private upTo(to: number): Definition {
    return { from: this.from, to, label: this.label!, url: this.url! }
  }

  /** Where the definition ends as far as it is known, else -1. */
  private read(): number {
    const { codes, budget, from, end } = this
    if (this.stage === 'label') {
      const to = this.past(pastLabel(codes, from, end, budget, true))
      if (to < 0) return NONE
      if (to === end || codes[to] !== COLON) return this.past(NONE)
      this.label = { from, to }
      this.at = to + 1
      this.stage = 'url'
    }
    if (this.stage === 'url') {
      const start = pastBlanks(codes, this.at, end)
      const to = this.past(pastUrl(codes, start, end, budget))
      if (to < 0) return NONE
      this.url = { from: start, to }
      this.at = to
      this.stage = 'title'
    }
    if (this.stage === 'title') this.readTitle()
    return this.lineEnd(this.at)
  }

  private readTitle(): void {
    const { codes, budget, at, end } = this
    const start = pastBlanks(codes, at, end)
    const to = start > at ? pastTitle(codes, start, end, budget) : NONE
    if (to < 0 || this.lineEnd(to) < 0) return
    this.at = to
    this.stage = 'end'
  }

  private past(to: number): number {
    if (to === NONE) this.stage = 'failed'
    return to
  }

  /** Where the line ends, if nothing but blanks is left of it, else -1. */
  private lineEnd(from: number): number {
    const { codes, end } = this
    let at = from
    for (; at < end && codes[at] !== NEWLINE; at += 1) if (!isBlank(codes[at]!)) return NONE
    return at
  }
}
