import { mayBeginAngles } from '../markdown/angles.js'
import { type Codes, endOfLine, pastRun, placeOf, signTable } from '../markdown/codes.js'
import { delimiterOf } from '../markdown/delimiters.js'
import { pastEntity } from '../markdown/entity.js'
import { mayBeginHtmlBlock } from '../markdown/html.js'
import {
  BACKSLASH,
  BAR,
  BLANK,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  DASH,
  DOT,
  EQUALS,
  GREATER,
  HASH,
  isBlank,
  isDigit,
  isWord,
  kindOf,
  LESS,
  NEWLINE,
  OPEN_BRACKET,
  OPEN_PAREN,
  PLUS,
  RETURN,
  SIGN,
  SPACE,
  STAR,
  TAB,
  TICK,
  TILDE,
  UNDERSCORE,
} from '../markdown/signs.js'
import type { Apart } from './apart.js'
import { isKnownTag } from './html.js'
import { BULLET_CODE, STEP } from './lists.js'

const CODE_INDENT = 4
const SIGNS = signTable('\n\\&`<>*_~[]')

/**
 * Tells from the signs of a text, which is read from its end to its beginning, whether it may hold marks that are to be made
 * plain. A sign alone is none: what may begin a mark counts where something behind it may end it.
 */
export class Leftovers {
  mayHoldMarks = false
  /** What may end a mark was read. */
  private hasStar = false
  private hasUnderscore = false
  private hasTildes = false
  /** A bit for each size of a run of ticks; the longest share one. */
  private tickRuns = 0
  /** Where it stands, 0 where none was read. */
  private nextGreater = 0
  private hasTarget = false
  /** Where in its line the number of a list stands, until the item was read that it is within. */
  private numberColumn = 0

  constructor(
    private readonly text: string,
    private readonly codes: Codes,
    private readonly apart: Apart,
  ) {}

  /** No mark reaches from here into what was read. */
  reset(): void {
    this.mayHoldMarks = this.hasStar = this.hasUnderscore = this.hasTildes = this.hasTarget = false
    this.tickRuns = this.nextGreater = this.numberColumn = 0
  }

  /** Reads whole lines, which stand before those that were read. */
  readBack(from: number, to: number): void {
    const { codes } = this
    for (let at = lastSign(codes, from, to); at >= from && !this.mayHoldMarks; at = lastSign(codes, from, at)) {
      if (codes[at] !== NEWLINE) at = this.readSign(at)
      else if (at + 1 < to) this.mayHoldMarks = this.mayBeginBlock(at + 1)
    }
    this.mayHoldMarks ||= from < to && this.mayBeginBlock(from)
  }

  /** Returns where the run of signs begins that ends here. */
  private readSign(at: number): number {
    const { codes } = this
    const [code, next] = [codes[at]!, codes[at + 1]!]
    switch (code) {
      case STAR:
      case UNDERSCORE:
      case TILDE:
        return this.readDelimiter(code, at)
      case TICK:
        return this.readTicks(at)
      case GREATER:
        this.nextGreater = at
        return at
      case LESS:
        this.mayHoldMarks = mayBeginAngles(codes, at, this.nextGreater) && !this.isUnknownTag(at)
        return at
      case CLOSE_BRACKET:
        this.hasTarget ||= next === OPEN_PAREN || next === COLON
        return at
      case OPEN_BRACKET:
        this.mayHoldMarks = this.hasTarget
        return at
      case BACKSLASH:
        this.mayHoldMarks = next === NEWLINE ? !this.apart.isAt(at + 1) : next < 128 && kindOf(next) === SIGN
        return at
      default:
        this.mayHoldMarks = pastEntity(codes, at, codes.length - 1) > 0
        return at
    }
  }

  /** `<name>`: what stands where a text has such a gap. */
  private isUnknownTag(from: number): boolean {
    const { text, codes } = this
    let to = from + 1
    while (isWord(codes[to]!)) to += 1
    return codes[to] === GREATER && !isKnownTag(text.slice(from + 1, to))
  }

  /** Code ends at the next run of the size that it began with. */
  private readTicks(last: number): number {
    const { codes } = this
    let from = last
    while (from > 0 && codes[from - 1] === TICK) from -= 1
    const size = 1 << Math.min(last - from, 31)
    this.mayHoldMarks = (this.tickRuns & size) !== 0
    this.tickRuns |= size
    return from
  }

  private readDelimiter(sign: number, last: number): number {
    const { codes } = this
    let from = last
    while (from > 0 && codes[from - 1] === sign) from -= 1
    if (sign === TILDE && from === last) return from
    const first = sign === TILDE ? last - 1 : from
    const before = first === 0 ? SPACE : kindOf(codes[first - 1]!)
    const after = last === codes.length - 2 ? SPACE : kindOf(codes[last + 1]!)
    const delimiter = delimiterOf(sign, first, last + 1, before, after)
    if (delimiter === null) return from
    const { canOpen, canClose } = delimiter
    this.mayHoldMarks = canOpen && (sign === STAR ? this.hasStar : sign === TILDE ? this.hasTildes : this.hasUnderscore)
    if (sign === STAR) this.hasStar ||= canClose
    else if (sign === TILDE) this.hasTildes ||= canClose
    else this.hasUnderscore ||= canClose
    return from
  }

  /** Besides the sign of a list that was written out once, which stays as it is. */
  private mayBeginBlock(lineStart: number): boolean {
    const { codes } = this
    const at = pastIndent(codes, lineStart)
    const end = pastListSign(codes, at)
    if (end < 0) return isSignOfBlock(codes, at) || isBelowWords(codes, at)
    const inside = pastIndent(codes, end)
    if (isSignOfBlock(codes, inside) || pastListSign(codes, inside) > 0 || this.isTooFarIn(lineStart, at)) return true
    // In a paragraph, a line that is so far in begins no list; with a dash for its bullet it may be a table's rule.
    return at - lineStart >= CODE_INDENT && isBelowWords(codes, inside)
  }

  /** Of numbers: those of an item within another are written out two columns further in. */
  private isTooFarIn(lineStart: number, at: number): boolean {
    const { codes } = this
    const column = at - lineStart
    const isNumber = codes[at] !== BULLET_CODE
    if (this.numberColumn > column + STEP || (isNumber && placeOf(codes, TAB, lineStart, at) < at)) return true
    if (isNumber) this.numberColumn = column
    else if (column < this.numberColumn) this.numberColumn = 0
    return false
  }
}

function lastSign(codes: Codes, from: number, before: number): number {
  let at = before - 1
  while (at >= from && SIGNS[codes[at]!] === 0) at -= 1
  return at
}

/** A bullet or a number with something behind it, else -1. */
function pastListSign(codes: Codes, from: number): number {
  let at = from
  if (codes[at] !== BULLET_CODE) {
    while (isDigit(codes[at]!)) at += 1
    if (at === from || (codes[at] !== DOT && codes[at] !== CLOSE_PAREN)) return -1
  }
  return endsSign(codes[at + 1]!) ? at + 1 : -1
}

function isSignOfBlock(codes: Codes, at: number): boolean {
  const [code, next] = [codes[at]!, codes[at + 1]!]
  switch (code) {
    case GREATER:
      return true
    case LESS:
      return mayBeginHtmlBlock(next)
    case TILDE:
    case TICK:
      return next === code && codes[at + 2] === code
    case HASH:
      return endsSign(codes[pastRun(codes, at, HASH, codes.length - 1)]!)
    case STAR:
    case UNDERSCORE:
    case PLUS:
    case DASH:
      return endsSign(next) || isLineOf(codes, at, code, code)
    default:
      return false
  }
}

/** The line below a heading, or below the head of a table. */
function isBelowWords(codes: Codes, at: number): boolean {
  const code = codes[at]!
  if (code === EQUALS) return isLineOf(codes, at, EQUALS, EQUALS)
  return (code === DASH || code === BAR || code === COLON) && isLineOf(codes, at, BAR, COLON) && holdsDash(codes, at)
}

/** Whether one stands in the rest of a line. */
function holdsDash(codes: Codes, from: number): boolean {
  const end = endOfLine(codes, from)
  return placeOf(codes, DASH, from, end) < end
}

/** Whether nothing but dashes, two other signs and blanks is left of a line. */
function isLineOf(codes: Codes, from: number, sign: number, other: number): boolean {
  let at = from
  for (let code = codes[at]!; code === sign || code === other || code === DASH || isIndent(code); code = codes[at]!)
    at += 1
  return endsSign(codes[at]!)
}

function pastIndent(codes: Codes, from: number): number {
  let at = from
  while (isIndent(codes[at]!)) at += 1
  return at
}

function isIndent(code: number): boolean {
  return code === BLANK || code === TAB || code === RETURN
}

/** A blank, or the end of the text. */
function endsSign(code: number): boolean {
  return isBlank(code) || code === 0
}
