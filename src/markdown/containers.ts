import { columnOfItem, isRule, pastBullet, pastNumber } from './block-signs.js'
import type { Codes } from './codes.js'
import { Line } from './line.js'
import type { Mark, Span } from './mark.js'
import { BLANK, CLOSE_PAREN, DOT, GREATER } from './signs.js'

/** Quotes, lists and items that are open, one within the other; each is looked at in each line. */

/** Quotes and items one within the other; a text that is meant to be read has five at the most. */
const DEEPEST = 16

class Container {
  is: 'document' | 'quote' | 'list' | 'item' = 'document'
  /** The code of a list's sign; how many columns further in an item's words begin. */
  value = 0
  /** How many quotes and items it is within, itself included, and how many items. */
  depth = 0
  level = 0
  /** Nothing stands behind the sign of this item. */
  beginsBlank = false
  isFilled = false
}

export class Containers {
  readonly line: Line
  readonly quoteSigns: Span[] = []
  /** Where the line before ends. */
  previousEnd = 0
  isTooDeep = false
  /** Those that are open, and behind them some that were: the next ones are made of them. */
  private readonly all = [new Container()]
  private count = 1
  private readonly size: number

  constructor(
    codes: Codes,
    private readonly marks: Mark[],
  ) {
    this.size = codes.length - 1
    this.line = new Line(codes)
    this.readLine(0)
  }

  /** Nothing is open but, where an item begins, its list: what follows can be read by itself. */
  get isCut(): boolean {
    return this.count === 1 || (this.count === 2 && this.innermost.is === 'list')
  }

  get isInItem(): boolean {
    return this.innermost.is === 'item'
  }

  /** Whether all that is open goes on in this line. */
  get goOn(): boolean {
    return this.line.depth >= this.count
  }

  private get innermost(): Container {
    return this.all[this.count - 1]!
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
    this.count = 1
    this.previousEnd = start - 1
    this.readLine(start)
  }

  closeEnded(): void {
    while (!this.goOn) {
      this.count -= 1
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
    const { all, count } = this
    for (let i = 1; i < count; i += 1) if (all[i]!.is === 'list' && isNumber(all[i]!.value) === isNumbered) return true
    return false
  }

  private pastItemSign(): number {
    const bullet = pastBullet(this.line)
    if (bullet > 0) return isRule(this.line) ? -1 : bullet
    return pastNumber(this.line)
  }

  private push(is: Container['is'], value: number, beginsBlank = false): void {
    const { all, line, innermost } = this
    if (all.length === this.count) all.push(new Container())
    const next = all[this.count]!
    next.is = is
    next.value = value
    next.level = innermost.level + (is === 'item' ? 1 : 0)
    next.depth = innermost.depth + (is === 'list' ? 0 : 1)
    next.beginsBlank = beginsBlank
    next.isFilled = false
    this.count += 1
    this.isTooDeep ||= next.depth > DEEPEST
    line.depth = this.count
  }

  private readLine(start: number): void {
    const { line, all, count } = this
    line.read(start)
    for (line.depth = 1; line.depth < count; line.depth += 1) if (!this.goesOn(all[line.depth]!)) return
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
    const { line, all, count } = this
    const itemPlace = line.depth + 1
    if (line.isBlank || (itemPlace < count && line.indent >= all[itemPlace]!.value + line.baseIndent)) return true
    if (line.isIndented) return false
    const signEnd = isNumber(list.value) ? pastNumber(line) : pastBullet(line)
    if (signEnd < 0 || (!isNumber(list.value) && isRule(line))) return false
    return line.codes[signEnd - 1] === list.value
  }
}

function isNumber(sign: number): boolean {
  return sign === DOT || sign === CLOSE_PAREN
}
