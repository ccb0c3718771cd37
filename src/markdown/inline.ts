import { Angles } from './angles.js'
import { BareLinks, mayHoldLink, mayLinkFrom } from './bare-links.js'
import type { Budget } from './budget.js'
import { CodeSpans } from './code-spans.js'
import { type Delimiter, delimiterAt, pairUp } from './delimiters.js'
import type { Mark, SimpleMark } from './mark.js'
import {
  BACKSLASH,
  BANG,
  CLOSE_BRACKET,
  LESS,
  NEWLINE,
  OPEN_BRACKET,
  OPEN_PAREN,
  pastBlanks,
  pastRun,
  STAR,
  TICK,
  TILDE,
  UNDERSCORE,
} from './signs.js'
import { pastLabel, targetAt } from './targets.js'

const IS_SIGN = new Uint8Array(128)
for (const sign of '\\&`<*_~[]!') IS_SIGN[sign.charCodeAt(0)] = 1
const ESCAPED = /[!-/:-@[-`{-~]/
const ENTITY = /&(?:#\d{1,28}|#x[a-f\d]{1,27}|\w{1,29});/iy

interface Bracket {
  readonly is: 'link' | 'image'
  readonly from: number
  /** How many delimiters stand before it. */
  readonly delimiters: number
}

/** Finds the marks within paragraphs, titles and cells. */
export class InlineReader {
  private text = ''
  private offset = 0
  private readonly delimiters: Delimiter[] = []
  private readonly brackets: Bracket[] = []
  /** Brackets of links below this place stand around a link, and no link holds another. */
  private firstActive = 0
  private bareLinks: BareLinks | null = null
  private codeSpans: CodeSpans | null = null
  private angles: Angles | null = null

  /** The first sign, and the first of what a bare link holds, from where was last asked. */
  private nextSign = -1
  private nextLink: number

  constructor(
    private readonly whole: string,
    private readonly marks: Mark[],
    private readonly budget: Budget,
  ) {
    this.nextLink = mayHoldLink(whole) ? -1 : whole.length
  }

  /** Reads a piece of the whole text. `content`: where it is not the same as in there, for signs of quotes. */
  read(from: number, to: number, content: string | null = null): void {
    const { whole } = this
    if (this.nextSign < from) this.nextSign = signFrom(whole, from)
    if (this.nextSign >= to) return
    if (this.nextLink < from) this.nextLink = mayLinkFrom(whole, from)
    const text = content ?? whole.slice(from, to)
    this.text = text
    this.offset = from
    this.firstActive = 0
    this.bareLinks = this.nextLink < to ? new BareLinks(text, this.budget) : null
    this.codeSpans = this.angles = null
    const first = this.marks.length
    let at = 0
    let sign = signFrom(text, 0)
    while (sign < text.length && this.budget.steps >= 0) {
      const linkEnd = this.bareLinks === null ? -1 : this.bareLinks.pastLink(at, sign, this.brackets.length > 0)
      at = linkEnd > 0 ? linkEnd : this.readSign(sign)
      if (at > sign) sign = signFrom(text, at)
    }
    this.pairFrom(0)
    while (this.brackets.length > 0) this.brackets.pop()
    sortFrom(this.marks, first)
  }

  /** Returns where to go on. */
  private readSign(at: number): number {
    const { text } = this
    const code = text.charCodeAt(at)
    switch (code) {
      case BACKSLASH:
        return this.readEscape(at)
      case TICK:
        return this.readCode(at)
      case LESS:
        return this.readAngles(at)
      case STAR:
      case UNDERSCORE:
        return this.readDelimiter(at, pastRun(text, at, code))
      case TILDE: {
        const end = pastRun(text, at, code)
        return end - at > 1 ? this.readDelimiter(end - 2, end) : end
      }
      case OPEN_BRACKET:
        return this.openBracket('link', at, at + 1)
      case BANG:
        return text.charCodeAt(at + 1) === OPEN_BRACKET ? this.openBracket('image', at, at + 2) : at + 1
      case CLOSE_BRACKET:
        return this.closeBracket(at)
      default:
        ENTITY.lastIndex = at
        return ENTITY.test(text) ? this.add('entity', at, ENTITY.lastIndex) : at + 1
    }
  }

  private readonly addPair = (is: SimpleMark['is'], from: number, to: number): void => void this.add(is, from, to)

  private add(is: SimpleMark['is'], from: number, to: number): number {
    this.marks.push({ is, from: this.offset + from, to: this.offset + to })
    return to
  }

  private readEscape(at: number): number {
    const { text } = this
    if (text.charCodeAt(at + 1) === NEWLINE) return this.add('line break', at, at + 2)
    return ESCAPED.test(text[at + 1] ?? '') ? this.add('escape', at, at + 2) : at + 1
  }

  private readCode(at: number): number {
    const { text, offset } = this
    // A tick behind an escaped one begins nothing.
    if (text.charCodeAt(at - 1) === TICK) return at + 1
    const inside = pastRun(text, at, TICK)
    this.codeSpans ??= new CodeSpans(text)
    const end = this.codeSpans.endOf(inside - at, inside)
    if (end < 0) return inside
    const to = end + inside - at
    const span = { from: offset + inside, to: offset + end }
    this.marks.push({ is: 'code', from: offset + at, to: offset + to, inside: span })
    return to
  }

  private readAngles(at: number): number {
    this.angles ??= new Angles(this.text)
    const found = this.angles.at(at)
    if (found === null) return at + 1
    return found.is === null ? found.to : this.add(found.is, at, found.to)
  }

  private readDelimiter(from: number, to: number): number {
    const delimiter = delimiterAt(this.text, from, to)
    if (delimiter !== null) this.delimiters.push(delimiter)
    return to
  }

  private openBracket(is: Bracket['is'], from: number, to: number): number {
    this.brackets.push({ is, from, delimiters: this.delimiters.length })
    return to
  }

  private closeBracket(at: number): number {
    const { text, brackets, budget } = this
    const bracket = brackets.pop()
    if (bracket === undefined) return at + 1
    const isInactive = bracket.is === 'link' && brackets.length < this.firstActive
    this.firstActive = Math.min(this.firstActive, brackets.length)
    const next = text.charCodeAt(at + 1)
    const labelFrom = bracket.from + (bracket.is === 'link' ? 1 : 2)
    const isEmpty = pastBlanks(text, labelFrom) === at && next !== OPEN_PAREN && next !== OPEN_BRACKET
    if (isInactive || isEmpty) return at + 1
    this.pairFrom(bracket.delimiters)
    if (bracket.is === 'link') this.firstActive = brackets.length
    const target = next === OPEN_PAREN ? targetAt(text, at + 1, budget) : null
    const reference = next === OPEN_BRACKET ? pastLabel(text, at + 1, budget, false) : -1
    const to = target?.to ?? (reference > 0 ? reference : at + 1)
    this.marks.push({
      is: bracket.is,
      from: this.offset + bracket.from,
      to: this.offset + to,
      label: this.span(labelFrom, at),
      hasTarget: target !== null,
      url: target !== null && target.urlTo >= 0 ? this.span(target.from, target.urlTo) : null,
      reference: reference > 0 ? this.span(at + 1, reference) : null,
    })
    return to
  }

  private span(from: number, to: number): { readonly from: number; readonly to: number } {
    return { from: this.offset + from, to: this.offset + to }
  }

  private pairFrom(first: number): void {
    if (this.delimiters.length > first) pairUp(this.delimiters, first, this.addPair)
  }
}

function signFrom(text: string, from: number): number {
  let at = from
  while (at < text.length && IS_SIGN[text.charCodeAt(at)] !== 1) at += 1
  return at
}

/** A mark that holds others is found when it ends. */
function sortFrom(marks: Mark[], first: number): void {
  let isSorted = true
  for (let i = first + 1; i < marks.length && isSorted; i += 1) isSorted = order(marks[i - 1]!, marks[i]!) <= 0
  if (!isSorted) for (const mark of marks.splice(first).sort(order)) marks.push(mark)
}

function order(a: Mark, b: Mark): number {
  return a.from - b.from
}
