import { hasBar, isRule, pastBullet, pastFence, pastHashes, pastNumber, pastUnderline } from './block-signs.js'
import type { Budget } from './budget.js'
import type { Codes } from './codes.js'
import { Containers } from './containers.js'
import { type Cut, Cuts } from './cuts.js'
import { DefinitionReader } from './definition.js'
import { readFence } from './fence.js'
import { type HtmlBlock, holdsEnd, htmlBlockOf } from './html.js'
import { InlineReader } from './inline.js'
import type { Line } from './line.js'
import type { Definition, Mark, Markdown, Row, Span } from './mark.js'
import {
  BLANK,
  CLOSE_BRACKET,
  DASH,
  GREATER,
  HASH,
  isBlank,
  LESS,
  ONE,
  OPEN_BRACKET,
  PLUS,
  STAR,
  TAB,
  TICK,
  TILDE,
  UNDERSCORE,
} from './signs.js'
import { beginsTable, isRuleBelow, readRow } from './table.js'

const TASK_SIZE = 3

/** Reads the blocks of a text, and what is in them. */
export class Blocks {
  private readonly around: Containers
  private readonly line: Line
  private readonly inline: InlineReader
  private readonly marks: Mark[] = []
  private readonly definitions: Definition[] = []
  private readonly cuts: Cuts
  private readonly isPartial: boolean

  constructor(
    private readonly codes: Codes,
    private readonly budget: Budget,
    known: readonly Cut[],
  ) {
    this.cuts = new Cuts(known, codes.length - 1)
    this.isPartial = known.length > 0
    this.around = new Containers(codes, this.marks)
    this.inline = new InlineReader(codes, this.marks, budget)
    this.line = this.around.line
  }

  read(): Markdown | null {
    const { around, budget, marks, definitions, cuts } = this
    let isMore = true
    while (isMore && !around.isTooDeep && budget.steps >= 0 && !this.leavesTooMuchOut) isMore = this.readBlock()
    if (around.isTooDeep || budget.steps < 0) return null
    return { marks, quoteSigns: around.quoteSigns, definitions, cuts: cuts.found }
  }

  /** What refers to a definition may stand in what is left out. */
  private get leavesTooMuchOut(): boolean {
    return this.isPartial && this.definitions.length > 0
  }

  /** False at the end of the text. */
  private readBlock(): boolean {
    const { around, line } = this
    for (around.closeEnded(); line.isBlank; around.closeEnded()) if (!around.nextLine()) return false
    if (around.isCut) {
      const next = this.cuts.pass(line.start)
      if (next > line.start) {
        around.goTo(next)
        return next < this.codes.length - 1
      }
    }
    while (!line.isIndented && !around.isTooDeep && around.openOne()) if (line.isBlank) return around.nextLine()
    if (!this.readLeaf()) this.readParagraph()
    around.fill()
    return true
  }

  /** Reads what is recognised by its first line. */
  private readLeaf(): boolean {
    const { around, line } = this
    if (line.isIndented) {
      while (around.nextLine() && around.goOn && (line.isBlank || line.isIndented));
      return true
    }
    const fenceEnd = pastFence(line)
    if (fenceEnd > 0) {
      this.marks.push(readFence(around, fenceEnd))
      return true
    }
    if (isRule(line)) {
      this.marks.push({ is: 'rule', from: line.pos, to: line.end, parts: null })
      around.nextLine()
      return true
    }
    if (line.sign === HASH) return this.readHeading()
    const html = htmlBlockAt(line, false)
    if (html !== null) this.readHtml(html)
    return html !== null
  }

  private readHeading(): boolean {
    const { around, line, codes } = this
    const signEnd = pastHashes(line)
    if (signEnd < 0) return false
    const { pos, end } = line
    let wordsEnd = end
    while (isBlank(codes[wordsEnd - 1]!)) wordsEnd -= 1
    let closing = wordsEnd
    while (codes[closing - 1] === HASH) closing -= 1
    const isClosed = closing < wordsEnd && closing > pos && isBlank(codes[closing - 1]!)
    const signs: Span[] = [{ from: pos, to: signEnd }]
    if (isClosed) signs.push({ from: closing, to: wordsEnd })
    this.marks.push({ is: 'heading', from: pos, to: end, parts: { isUnderlined: false, signs } })
    this.inline.read(signEnd + 1, isClosed ? closing : end)
    around.nextLine()
    return true
  }

  private readHtml(block: HtmlBlock): void {
    const { around, line, codes } = this
    const { is, ends } = block
    const from = line.pos
    const isLast = (): boolean => (ends.length === 0 ? line.isBlank : holdsEnd(block, codes, line.base, line.end))
    while (!isLast() && around.nextLine() && around.goOn);
    if (ends.length > 0 && around.goOn) around.nextLine()
    if (is !== null) this.marks.push({ is, from, to: around.previousEnd, parts: null })
  }

  private readParagraph(): void {
    const { around, line, codes, budget } = this
    const isInItem = around.isInItem
    const mayBeTable = line.hasBar && hasBar(codes, line.pos, line.end)
    const from = line.pos
    let to = line.end
    /** Of what may be a table: each without what stands before its first word. */
    const lines: Span[] = mayBeTable ? [{ from, to }] : []
    const definition = line.sign === OPEN_BRACKET ? new DefinitionReader(codes, from, budget) : null
    let isTable = false
    definition?.add(to)
    while (around.nextLine() && !line.isBlank) {
      if (!line.isIndented && this.breaksParagraph(mayBeTable)) break
      line.blankSigns()
      const defined = definition?.add(line.end)
      if (defined) return void this.definitions.push(defined)
      if (mayBeTable) lines.push({ from: line.pos, to: line.end })
      if (lines.length === 2 && isRuleBelow(codes, lines[0]!, lines[1]!)) isTable = true
      const underlineEnd = around.goOn ? pastUnderline(line) : -1
      if (underlineEnd > 0) return void this.addUnderlined(from, to, underlineEnd)
      to = line.end
    }
    const defined = definition?.finish()
    if (defined) this.definitions.push(defined)
    else if (isTable) this.addTable(lines)
    else this.inline.read(isInItem && beginsTask(codes, from) ? from + TASK_SIZE : from, to)
  }

  private addUnderlined(from: number, to: number, underlineEnd: number): void {
    const { around, line } = this
    const signs = [{ from: line.pos, to: underlineEnd }]
    this.marks.push({ is: 'heading', from, to: line.end, parts: { isUnderlined: true, signs } })
    this.inline.read(from, to)
    around.nextLine()
  }

  private addTable(lines: readonly Span[]): void {
    const rows: Row[] = []
    const [head, rule] = [lines[0]!, lines[1]!]
    this.marks.push({ is: 'table', from: head.from, to: lines.at(-1)!.to, parts: { rule, rows } })
    for (const line of lines) if (line !== rule) rows.push(readRow(this.codes, line, this.inline))
  }

  /** Whether a line ends the paragraph before it without a blank line between them. */
  private breaksParagraph(mayBeTable: boolean): boolean {
    const { line } = this
    switch (line.sign) {
      case GREATER:
        return true
      case HASH:
        return pastHashes(line) > 0
      case TICK:
      case TILDE:
        return pastFence(line) > 0
      case STAR:
      case DASH:
      case PLUS:
      case UNDERSCORE:
        if (this.breaksAsBullet()) return true
        break
      case LESS:
        if (htmlBlockAt(line, true) !== null) return true
        break
      default:
        if (this.breaksAsNumber()) return true
    }
    return !mayBeTable && line.hasBar && beginsTable(line)
  }

  private breaksAsBullet(): boolean {
    const { around, line } = this
    const bullet = pastBullet(line)
    if (bullet > 0 && (line.pastBlanks(bullet) < line.end || around.isInList(false))) return true
    return isRule(line) && !(around.goOn && line.sign === DASH && pastUnderline(line) > 0)
  }

  /** Only a list that begins with 1 does; any other number may have come there by chance. */
  private breaksAsNumber(): boolean {
    const { around, line } = this
    const end = pastNumber(line)
    if (end < 0) return false
    const isFirst = end === line.pos + 2 && line.sign === ONE && line.pastBlanks(end) < line.end
    return isFirst || around.isInList(true)
  }
}

function htmlBlockAt({ codes, pos, end, sign }: Line, breaksParagraph: boolean): HtmlBlock | null {
  return sign === LESS ? htmlBlockOf(codes, pos, end, breaksParagraph) : null
}

/** `[ ] `, `[x] ` */
function beginsTask(codes: Codes, at: number): boolean {
  if (codes[at] !== OPEN_BRACKET || codes[at + 2] !== CLOSE_BRACKET) return false
  const [check, behind] = [codes[at + 1], codes[at + 3]]
  return (check === BLANK || check === SMALL_X || check === CAPITAL_X) && (behind === BLANK || behind === TAB)
}

const SMALL_X = 120
const CAPITAL_X = 88
