import { columnOfItem, isRule, pastBullet, pastNumber } from './block-signs.js'
import type { Codes } from './codes.js'
import { Line } from './line.js'
import type { Mark, Span } from './mark.js'
import { BLANK, CLOSE_PAREN, DOT, GREATER } from './signs.js'

/** Quotes, lists and items that are open, one within the other; each is looked at in each line. */

/** Quotes and items one within the other; a text that is meant to be read has five at the most. */
const DEEPEST = 16

interface Container {
  readonly is: 'document' | 'quote' | 'list' | 'item'
  /** The code of a list's sign; how many columns further in an item's words begin. */
  readonly value: number
  /** How many quotes and items it is within, itself included, and how many items. */
  readonly depth: number
  readonly level: number
  /** Nothing stands behind the sign of this item. */
  readonly beginsBlank: boolean
  isFilled: boolean
}

export class Containers {
  readonly line: Line
  readonly quoteSigns: Span[] = []
  /** Where the line before ends. */
  previousEnd = 0
  isTooDeep = false
  private readonly open: Container[] = []
  private readonly size: number

  constructor(
    codes: Codes,
    private readonly marks: Mark[],
  ) {
    this.size = codes.length - 1
    this.line = new Line(codes)
    this.push('document', 0)
    this.readLine(0)
  }

  /** Nothing is open but, where an item begins, its list: what follows can be read by itself. */
  get isCut(): boolean {
    return this.open.length === 1 || (this.open.length === 2 && this.innermost.is === 'list')
  }

  get isInItem(): boolean {
    return this.innermost.is === 'item'
  }

  /** Whether all that is open goes on in this line. */
  get goOn(): boolean {
    return this.line.depth >= this.open.length
  }

  private get innermost(): Container {
    return this.open[this.open.length - 1]!
  }

  fill(): void {
    this.innermost.isFilled = true
  }

  /** False at the end of the text, where the line is blank. */
  nextLine(): boolean {
    const { line, size } = this
    this.previousEnd = line.end
    const isOver = line.end >= size
    this.readLine(isOver ? size : line.end + 1)
    return !isOver
  }

  /** To another cut. */
  goTo(start: number): void {
    while (this.open.length > 1) this.open.pop()
    this.previousEnd = start - 1
    this.readLine(start)
  }

  closeEnded(): void {
    while (!this.goOn) {
      this.open.pop()
      this.fill()
    }
  }

  /** Opens what begins here, if anything does. */
  openOne(): boolean {
    const { line } = this
    const { codes, pos } = line
    if (line.sign === GREATER) {
      this.push('quote', 0)
      this.quoteSigns.push({ from: pos, to: pos + 1 })
      line.moveBase(pos + (codes[pos + 1] === BLANK ? 2 : 1))
      return true
    }
    const signEnd = this.pastItemSign()
    if (signEnd < 0) return false
    if (this.innermost.is !== 'list') this.push('list', codes[signEnd - 1]!)
    const column = columnOfItem(line, signEnd)
    this.push('item', column - line.baseIndent, line.pastBlanks(signEnd) === line.end)
    const { level } = this.innermost
    this.marks.push({ is: 'item', from: pos, to: signEnd, parts: { lineStart: line.start, level } })
    line.moveBaseToColumn(column)
    return true
  }

  isInList(isNumbered: boolean): boolean {
    for (const { is, value } of this.open) if (is === 'list' && isNumber(value) === isNumbered) return true
    return false
  }

  private pastItemSign(): number {
    const bullet = pastBullet(this.line)
    if (bullet > 0) return isRule(this.line) ? -1 : bullet
    return pastNumber(this.line)
  }

  private push(is: Container['is'], value: number, beginsBlank = false): void {
    const around = this.open[this.open.length - 1]
    const level = (around?.level ?? 0) + (is === 'item' ? 1 : 0)
    const depth = (around?.depth ?? 0) + (is === 'item' || is === 'quote' ? 1 : 0)
    this.open.push({ is, value, depth, level, beginsBlank, isFilled: false })
    this.isTooDeep ||= depth > DEEPEST
    this.line.depth = this.open.length
  }

  private readLine(start: number): void {
    const { line, open } = this
    line.read(start)
    for (line.depth = 1; line.depth < open.length; line.depth += 1) if (!this.goesOn(open[line.depth]!)) return
  }

  private goesOn(container: Container): boolean {
    const { line } = this
    switch (container.is) {
      case 'quote':
        if (line.sign !== GREATER) return false
        this.quoteSigns.push({ from: line.pos, to: line.pos + 1 })
        line.moveBase(line.pos + (line.isBlankAt(line.pos + 1) ? 2 : 1))
        return true
      case 'item':
        if (
          line.isBlank ? container.beginsBlank && !container.isFilled : line.indent < line.baseIndent + container.value
        ) {
          return false
        }
        line.moveBaseToColumn(line.baseIndent + container.value)
        return true
      default:
        // The document, which is the first of them, is not asked.
        return this.listGoesOn(container)
    }
  }

  private listGoesOn(list: Container): boolean {
    const { line, open } = this
    const item = open[line.depth + 1]
    if (line.isBlank || (item !== undefined && line.indent >= item.value + line.baseIndent)) return true
    if (line.isIndented) return false
    const signEnd = isNumber(list.value) ? pastNumber(line) : pastBullet(line)
    if (signEnd < 0 || (!isNumber(list.value) && isRule(line))) return false
    return line.codes[signEnd - 1] === list.value
  }
}

function isNumber(sign: number): boolean {
  return sign === DOT || sign === CLOSE_PAREN
}
