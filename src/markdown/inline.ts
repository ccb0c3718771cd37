import { Angles } from './angles.js'
import { BareLinks } from './bare-links.js'
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

const SIGN = /[\\&`<*_~[\]!]/g
const MAY_HOLD_LINK = /www\.|:\/\/|mailto:|xmpp:|@/
const ESCAPED = /[!-/:-@[-`{-~]/
const ENTITY = /&(?:#\d{1,28}|#x[a-f\d]{1,27}|\w{1,29});/iy

interface Bracket {
  readonly is: 'link' | 'image'
  readonly from: number
  /** How many delimiters stand before it. */
  readonly delimiters: number
}

/** The marks within one paragraph, title or cell. `offset`: where it stands in the whole text. */
export function inlineMarks(text: string, offset: number, budget: Budget): readonly Mark[] {
  SIGN.lastIndex = 0
  return SIGN.test(text) ? new Inline(text, offset, budget).read() : []
}

class Inline {
  private readonly marks: Mark[] = []
  private readonly delimiters: Delimiter[] = []
  private readonly brackets: Bracket[] = []
  /** Brackets of links below this place stand around a link, and no link holds another. */
  private firstActive = 0
  private readonly bareLinks: BareLinks | null
  private codeSpans: CodeSpans | null = null
  private angles: Angles | null = null

  constructor(
    private readonly text: string,
    private readonly offset: number,
    private readonly budget: Budget,
  ) {
    this.bareLinks = MAY_HOLD_LINK.test(text) ? new BareLinks(text, budget) : null
  }

  read(): readonly Mark[] {
    const { text, marks, budget, bareLinks } = this
    for (let at = 0; budget.steps >= 0; ) {
      SIGN.lastIndex = at
      if (!SIGN.test(text)) break
      const sign = SIGN.lastIndex - 1
      const linkEnd = bareLinks === null ? -1 : bareLinks.pastLink(at, sign, this.brackets.length > 0)
      at = linkEnd > 0 ? linkEnd : this.readSign(sign)
    }
    this.pairFrom(0)
    return marks.length < 2 ? marks : marks.sort((a, b) => a.from - b.from || b.to - a.to)
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
    if (this.delimiters.length > first)
      pairUp(this.delimiters, first, this.budget, (is, from, to) => this.add(is, from, to))
  }
}
