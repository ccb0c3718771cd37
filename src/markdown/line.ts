import { type Codes, pastBlanks, signFrom, signTable } from './codes.js'
import { BAR, BLANK, isBlank, TAB } from './signs.js'

const LINE_SIGNS = signTable('\n|')

/** The line that is being read: how far its quotes' and items' signs reach, and where its own words begin. */
export class Line {
  start = 0
  end = 0
  /** The first character behind the signs that is no blank, and its column. */
  pos = 0
  indent = 0
  /** Its code, -1 in a blank line. */
  sign = -1
  /** Where the signs of what is open around it end, and which column that is. */
  base = 0
  baseIndent = 0
  /** Whether a bar stands anywhere in it. */
  hasBar = false
  /** How many of the open containers go on in this line. */
  depth = 0

  constructor(readonly codes: Codes) {}

  read(start: number): void {
    this.start = this.base = this.pos = start
    this.end = this.findEnd(start)
    this.baseIndent = this.indent = this.depth = 0
    this.forward()
  }

  get isBlank(): boolean {
    return this.pos >= this.end
  }

  /** Four columns further in it is code. */
  get isIndented(): boolean {
    return this.indent >= this.baseIndent + 4
  }

  isBlankAt(at: number): boolean {
    return at < this.end && isBlank(this.codes[at]!)
  }

  pastBlanks(from: number): number {
    return pastBlanks(this.codes, from, this.end)
  }

  columnAt(to: number, from = this.pos, column = this.indent): number {
    let at = column
    for (let i = from; i < to; i += 1) at += this.codes[i] === TAB ? 4 - (at % 4) : 1
    return at
  }

  moveBase(to: number): void {
    this.base = to
    this.baseIndent = this.columnAt(to)
    this.forward()
  }

  moveBaseToColumn(column: number): void {
    this.baseIndent = column
    this.base = this.placeOfColumn(column)
    this.forward()
  }

  placeOfColumn(column: number): number {
    const isBehind = column >= this.indent
    let at = isBehind ? this.pos : this.start
    for (let i = isBehind ? this.indent : 0; at < this.end && i < column; at += 1) {
      i += this.codes[at] === TAB ? 4 - (i % 4) : 1
    }
    return at
  }

  /** Makes blanks of the signs of quotes and items before its words: what reaches over several lines does not hold them. */
  blankSigns(): void {
    const { codes, start, base } = this
    for (let at = start; at < base; at += 1) if (codes[at] !== TAB) codes[at] = BLANK
  }

  private findEnd(start: number): number {
    const { codes } = this
    const end = codes.length - 1
    let at = signFrom(codes, LINE_SIGNS, start, end)
    this.hasBar = at < end && codes[at] === BAR
    while (at < end && codes[at] === BAR) at = signFrom(codes, LINE_SIGNS, at + 1, end)
    return at
  }

  private forward(): void {
    if (this.base < this.pos) return
    const pos = this.pastBlanks(this.base)
    this.indent = this.columnAt(pos)
    this.pos = pos
    this.sign = pos < this.end ? this.codes[pos]! : -1
  }
}
