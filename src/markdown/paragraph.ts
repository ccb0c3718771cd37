import type { Line } from './line.js'
import type { Span } from './mark.js'
import { BLANK, TAB } from './signs.js'

/** Lines that belong together, while they are read. */
export class Paragraph {
  readonly from: number
  to: number
  /** Of what may be a table: each without what stands before its first word. */
  readonly lines: Span[]

  constructor(
    private readonly line: Line,
    private readonly keepsLines: boolean,
  ) {
    this.from = line.pos
    this.to = line.end
    this.lines = keepsLines ? [{ from: line.pos, to: line.end }] : []
  }

  /** Takes the line in. */
  add(): void {
    const { pos, end } = this.line
    this.to = end
    if (this.keepsLines) this.lines.push({ from: pos, to: end })
  }
}

/** Makes blanks of the signs of quotes and items before a line's words: what reaches over several lines does not hold them. */
export function blankSigns({ codes, start, base }: Line): void {
  for (let at = start; at < base; at += 1) if (codes[at] !== TAB) codes[at] = BLANK
}
