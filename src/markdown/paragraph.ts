import type { Line } from './line.js'
import type { Span } from './mark.js'

/** Lines that belong together, while they are read. */
export class Paragraph {
  readonly from: number
  /** Each without the signs of quotes and items before it, and without the blanks before its first word. */
  readonly lines: Span[]
  /** Its text, where that is more than a piece of the whole. */
  private joined: string | null = null

  constructor(private readonly line: Line) {
    this.from = line.pos
    this.lines = [{ from: line.pos, to: line.end }]
  }

  get to(): number {
    return this.lines.at(-1)!.to
  }

  /** Signs of quotes and items are blanks in it, so that each place stays the same. */
  get content(): string {
    return this.joined ?? this.line.text.slice(this.from, this.to)
  }

  /** What the line adds to it. */
  get piece(): string {
    const { text, start, base, end } = this.line
    return `\n${' '.repeat(base - start)}${text.slice(base, end)}`
  }

  /** Takes the line in. */
  add(): void {
    const { start, base, pos, end } = this.line
    if (base > start || this.joined !== null) this.joined = this.content + this.piece
    this.lines.push({ from: pos, to: end })
  }
}
