import type { Line } from './line.js'
import type { Span } from './mark.js'

/** Lines that belong together, while they are read. */
export class Paragraph {
  readonly from: number
  to: number
  /**
   * Its text where that is not just a piece of the whole one: signs of quotes and items are blanks in it, so that each place
   * stays the same.
   */
  content: string | null = null
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

  /** What the line adds to it. */
  get piece(): string {
    const { text, start, base, end } = this.line
    return `\n${' '.repeat(base - start)}${text.slice(base, end)}`
  }

  /** Takes the line in. */
  add(): void {
    const { text, start, base, pos, end } = this.line
    const hasSigns = base > start || this.content !== null
    if (hasSigns) this.content = (this.content ?? text.slice(this.from, this.to)) + this.piece
    this.to = end
    if (this.keepsLines) this.lines.push({ from: pos, to: end })
  }
}
