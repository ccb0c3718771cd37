import { Angles } from './angles.js'
import { BareLinks } from './bare-links.js'
import type { Budget } from './budget.js'
import { CodeSpans } from './code-spans.js'
import { type Codes, pastBlanks, pastRun, signFrom, signTable } from './codes.js'
import { type Delimiter, delimiterOf, pairUp } from './delimiters.js'
import { pastEntity } from './entity.js'
import type { LinkParts, Mark, SimpleMark } from './mark.js'
import {
  BACKSLASH,
  BANG,
  CLOSE_BRACKET,
  kindOf,
  LESS,
  NEWLINE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SIGN,
  SPACE,
  STAR,
  TICK,
  TILDE,
  UNDERSCORE,
} from './signs.js'
import { pastLabel, targetAt } from './targets.js'

const SIGNS = signTable('\\&`<*_~[]!')

interface Bracket {
  readonly is: 'link' | 'image'
  readonly from: number
  /** How many delimiters stand before it. */
  readonly delimiters: number
}

/** Finds the marks within paragraphs, titles and cells: one piece of a text after the other. */
export class InlineReader {
  private start = 0
  private end = 0
  private readonly delimiters: Delimiter[] = []
  private readonly brackets: Bracket[] = []
  /** Brackets of links below this place stand around a link, and no link holds another. */
  private firstActive = 0
  /** Those from here on only around what may be one, if its label is defined somewhere: a target of their own comes first. */
  private firstFree = 0
  private readonly links: BareLinks
  private codeSpans: CodeSpans | null = null
  private angles: Angles | null = null

  /** The first sign from where was last asked. */
  private nextSign = -1

  constructor(
    private readonly codes: Codes,
    private readonly marks: Mark[],
    private readonly budget: Budget,
  ) {
    this.links = new BareLinks(codes, budget)
  }

  read(from: number, to: number): void {
    const { codes } = this
    if (this.nextSign < from) this.nextSign = signFrom(codes, SIGNS, from, codes.length - 1)
    if (this.nextSign >= to) return
    // What looks further than the piece reaches finds that the text is over.
    const behind = codes[to]!
    codes[to] = 0
    this.readMarks(from, to)
    codes[to] = behind
  }

  private readMarks(from: number, to: number): void {
    const { codes, marks, links, brackets, budget } = this
    this.start = from
    this.end = to
    this.firstActive = this.firstFree = 0
    links.begin(from, to)
    this.codeSpans = this.angles = null
    const first = marks.length
    let at = from
    let sign = signFrom(codes, SIGNS, this.nextSign, to)
    while (sign < to && budget.steps >= 0) {
      const linkEnd = links.mayBeginBefore(sign) ? links.pastLink(at, sign, brackets.length > 0) : -1
      at = linkEnd > 0 ? linkEnd : this.readSign(sign)
      if (at > sign) sign = signFrom(codes, SIGNS, at, to)
    }
    this.pairFrom(0)
    while (brackets.length > 0) brackets.pop()
    sortFrom(marks, first)
  }

  /** Returns where to go on. */
  private readSign(at: number): number {
    const { codes, end } = this
    const code = codes[at]!
    switch (code) {
      case BACKSLASH:
        return this.readEscape(at)
      case TICK:
        return this.readCode(at)
      case LESS:
        return this.readAngles(at)
      case STAR:
      case UNDERSCORE:
        return this.readDelimiter(at, pastRun(codes, at, code, end))
      case TILDE: {
        const runEnd = pastRun(codes, at, code, end)
        return runEnd - at > 1 ? this.readDelimiter(runEnd - 2, runEnd) : runEnd
      }
      case OPEN_BRACKET:
        return this.openBracket('link', at, at + 1)
      case BANG:
        return codes[at + 1] === OPEN_BRACKET ? this.openBracket('image', at, at + 2) : at + 1
      case CLOSE_BRACKET:
        return this.closeBracket(at)
      default: {
        const entity = pastEntity(codes, at, end)
        return entity > 0 ? this.add('entity', at, entity) : at + 1
      }
    }
  }

  private readonly addPair = (is: SimpleMark['is'], from: number, to: number): void => void this.add(is, from, to)

  private add(is: SimpleMark['is'], from: number, to: number): number {
    this.marks.push({ is, from, to, parts: null })
    return to
  }

  private readEscape(at: number): number {
    const next = this.codes[at + 1]!
    if (next === NEWLINE) return this.add('line break', at, at + 2)
    return next < 128 && kindOf(next) === SIGN ? this.add('escape', at, at + 2) : at + 1
  }

  private readCode(at: number): number {
    const { codes, start, end } = this
    // A tick behind an escaped one begins nothing.
    if (at > start && codes[at - 1] === TICK) return at + 1
    const inside = pastRun(codes, at, TICK, end)
    this.codeSpans ??= new CodeSpans(codes, start, end)
    const close = this.codeSpans.endOf(inside - at, inside)
    if (close < 0) return inside
    const to = close + inside - at
    this.marks.push({ is: 'code', from: at, to, parts: { inside: { from: inside, to: close } } })
    return to
  }

  private readAngles(at: number): number {
    this.angles ??= new Angles(this.codes, this.end)
    const found = this.angles.at(at)
    if (found === null) return at + 1
    return found.is === null ? found.to : this.add(found.is, at, found.to)
  }

  private readDelimiter(from: number, to: number): number {
    const { codes, start, end } = this
    const before = from === start ? SPACE : kindOf(codes[from - 1]!)
    const after = to === end ? SPACE : kindOf(codes[to]!)
    const delimiter = delimiterOf(codes[from]!, from, to, before, after)
    if (delimiter !== null) this.delimiters.push(delimiter)
    return to
  }

  private openBracket(is: Bracket['is'], from: number, to: number): number {
    this.brackets.push({ is, from, delimiters: this.delimiters.length })
    return to
  }

  private closeBracket(at: number): number {
    const { codes, end, brackets, budget } = this
    const bracket = brackets.pop()
    if (bracket === undefined) return at + 1
    const isInactive = bracket.is === 'link' && brackets.length < this.firstFree
    const needsTarget = bracket.is === 'link' && brackets.length < this.firstActive
    this.firstActive = Math.min(this.firstActive, brackets.length)
    this.firstFree = Math.min(this.firstFree, brackets.length)
    const next = codes[at + 1]
    const labelFrom = bracket.from + (bracket.is === 'link' ? 1 : 2)
    const isEmpty = pastBlanks(codes, labelFrom, at) === at && next !== OPEN_PAREN && next !== OPEN_BRACKET
    if (isInactive || isEmpty) return at + 1
    const target = next === OPEN_PAREN ? targetAt(codes, at + 1, end, budget) : null
    if (needsTarget && target === null) return at + 1
    this.pairFrom(bracket.delimiters)
    if (bracket.is === 'link') this.firstActive = brackets.length
    if (bracket.is === 'link' && target !== null) this.firstFree = brackets.length
    const reference = next === OPEN_BRACKET ? this.pastReference(at + 1) : -1
    const to = target?.to ?? (reference > 0 ? reference : at + 1)
    const hasUrl = target !== null && target.urlTo >= 0
    const parts: LinkParts = {
      label: { from: labelFrom, to: at },
      hasTarget: target !== null,
      url: hasUrl ? { from: target.from, to: target.urlTo } : null,
      reference: reference > 0 ? { from: at + 1, to: reference } : null,
    }
    this.marks.push({ is: bracket.is, from: bracket.from, to, parts })
    return to
  }

  /** `[b]` in `[a][b](c)` is a link of its own. */
  private pastReference(from: number): number {
    const { codes, end, budget } = this
    const to = pastLabel(codes, from, end, budget, false)
    const isLabel = to > 0 && codes[to] === OPEN_PAREN && targetAt(codes, to, end, budget) !== null
    return isLabel ? -1 : to
  }

  private pairFrom(first: number): void {
    if (this.delimiters.length > first) pairUp(this.delimiters, first, this.addPair)
  }
}

/** A mark that holds others is found when it ends: it goes before them. */
function sortFrom(marks: Mark[], first: number): void {
  if (marks.length - first > MANY) for (const mark of marks.splice(first).sort(order)) marks.push(mark)
  else for (let i = first + 1; i < marks.length; i += 1) moveBack(marks, first, i)
}

/** Few are sorted three times as fast by this. */
const MANY = 32

function moveBack(marks: Mark[], first: number, from: number): void {
  const mark = marks[from]!
  let at = from
  for (; at > first && marks[at - 1]!.from > mark.from; at -= 1) marks[at] = marks[at - 1]!
  marks[at] = mark
}

function order(a: Mark, b: Mark): number {
  return a.from - b.from
}
