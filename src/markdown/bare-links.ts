import type { Budget } from './budget.js'
import { type Codes, codesOf, placeOf, signFrom, signTable } from './codes.js'
import { hasUnderscoreAtEnd, isOfUser, pastHost, pastMail, pastPath, pastResource } from './hosts.js'
import { withoutTail } from './link-tail.js'
import { AT, CLOSE_BRACKET, DASH, DOT, isWord, OPEN_BRACKET, SLASH, UNDERSCORE } from './signs.js'

/** GitHub's bare links: addresses without marks around them. What stands within one is no mark. */

const LONGEST_USER = 100
const NONE = -1

/** The first character from there on without which there is no bare link, else `end`. */
export function mayLinkFrom(codes: Codes, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const code = codes[at]!
    if (SIGNS[code] === 1 && (code === AT || sizeOfScheme(codes, at) > 0)) return at
  }
  return end
}

const SIGNS = signTable('@.:')
const SCHEME_ENDS = signTable('.:')

/** Of `www`, `https`, `http`, `mailto` and `xmpp`. */
const LAST_LETTERS = signTable('wspo')
const BEFORE_DOT = ['www'].map(codesOf)
const BEFORE_SLASHES = ['https', 'http'].map(codesOf)
const BEFORE_MAIL = ['mailto', 'xmpp'].map(codesOf)

/** How many characters of a link's beginning stand before this dot or colon. */
function sizeOfScheme(codes: Codes, at: number): number {
  if (at === 0 || LAST_LETTERS[codes[at - 1]!] === 0) return 0
  const isBeforeSlashes = codes[at + 1] === SLASH && codes[at + 2] === SLASH
  const names = codes[at] === DOT ? BEFORE_DOT : isBeforeSlashes ? BEFORE_SLASHES : BEFORE_MAIL
  for (const name of names) if (endsWith(codes, name, at)) return name.length - 1
  return 0
}

function endsWith(codes: Codes, word: Codes, end: number): boolean {
  const size = word.length - 1
  if (end < size) return false
  let i = 1
  while (i <= size && codes[end - i] === word[size - i]) i += 1
  return i > size
}

/** Those of one piece of a text. */
export class BareLinks {
  /** Where the next one may begin. */
  private next = -1
  private nextUrl = -1
  /** Where its dot or colon stands. */
  private schemeEnd = -1
  private nextAt = -1
  /** Where the name before the next `@` begins. */
  private nextUser = -1
  /** Before this place no mail address ends well. */
  private mailFloor: number

  constructor(
    private readonly codes: Codes,
    private readonly start: number,
    private readonly end: number,
    /** Before this place there is none of the signs that a link holds. */
    private readonly firstSign: number,
    private readonly budget: Budget,
  ) {
    this.mailFloor = start
  }

  /** False where it is known that none begins before this place. */
  mayBeginBefore(place: number): boolean {
    return this.next < place
  }

  /** Past the bare link that begins between two places, else -1. In a link's label it ends at a bracket. */
  pastLink(from: number, before: number, isInLabel: boolean): number {
    if (this.next < from) this.next = this.startFrom(from)
    while (this.next < before && this.budget.steps >= 0) {
      const end = this.endOf(this.next, isInLabel)
      if (end > this.next) return end
      this.next = this.startFrom(this.next + 1)
    }
    return NONE
  }

  private startFrom(from: number): number {
    if (this.nextUrl < from) this.findUrl(from)
    return Math.min(this.nextUrl, this.startOfMail(from))
  }

  private findUrl(from: number): void {
    const { codes, start: first, end } = this
    let at = signFrom(codes, SCHEME_ENDS, Math.max(from, this.firstSign, this.schemeEnd + 1), end)
    for (; at < end; at = signFrom(codes, SCHEME_ENDS, at + 1, end)) {
      const size = sizeOfScheme(codes, at)
      const start = at - size
      if (size === 0 || start < from || (start > first && isWord(codes[start - 1]!))) continue
      this.nextUrl = start
      this.schemeEnd = at
      return
    }
    this.nextUrl = this.schemeEnd = end
  }

  private startOfMail(least: number): number {
    const { codes, end } = this
    let from = Math.max(least, this.mailFloor)
    let start = from
    do {
      if (this.nextAt < from) {
        this.nextAt = placeOf(codes, AT, Math.max(from, this.firstSign), end)
        this.nextUser = -1
      }
      start = this.startOfUser(from)
      from = this.nextAt + 1
    } while (start === this.nextAt && start < end)
    return start
  }

  /** Where what stands before the next `@` begins to be one's name. */
  private startOfUser(from: number): number {
    const { codes, nextAt } = this
    if (nextAt === this.end) return nextAt
    if (from <= this.nextUser) return this.nextUser
    let start = nextAt
    const first = Math.max(from, nextAt - LONGEST_USER)
    while (start > first && isOfUser(codes[start - 1]!)) start -= 1
    while (start < nextAt && start > this.start && isWord(codes[start - 1]!)) start += 1
    this.nextUser = start
    return start
  }

  private endOf(at: number, isInLabel: boolean): number {
    const { codes, schemeEnd } = this
    if (at !== this.nextUrl) return this.mailEnd(at, at)
    if (BEFORE_MAIL.some((name) => name[0] === codes[at])) return this.mailEnd(at, schemeEnd + 1)
    const end = this.urlEnd(schemeEnd + (codes[schemeEnd] === DOT ? 1 : 3))
    return end < 0 || !isInLabel ? end : pastPairedBrackets(codes, at, end)
  }

  private mailEnd(at: number, from: number): number {
    const { codes } = this
    const end = pastMail(codes, from, this.end)
    if (end < 0 && from === at) this.mailFloor = this.nextAt + 1
    const last = end < 0 ? UNDERSCORE : codes[end - 1]!
    if (last === UNDERSCORE || last === DASH) return NONE
    const to = last === DOT ? end - 1 : end
    const mayHaveResource = from > at && codes[at] === BEFORE_RESOURCE
    return mayHaveResource ? pastResource(codes, to, this.end) : to
  }

  private urlEnd(from: number): number {
    const { codes, budget } = this
    const hostEnd = pastHost(codes, from, this.end)
    if (hostEnd < 0 || hasUnderscoreAtEnd(codes, from, hostEnd)) return NONE
    const end = pastPath(codes, hostEnd, this.end)
    budget.steps -= end - from
    return withoutTail(codes, from, end)
  }
}

/** The first letter of `xmpp`. */
const BEFORE_RESOURCE = 120

/** Up to a bracket that has no partner. */
function pastPairedBrackets(codes: Codes, from: number, to: number): number {
  let at = from
  while (at < to && codes[at] !== CLOSE_BRACKET) {
    const close = codes[at] === OPEN_BRACKET ? placeOf(codes, CLOSE_BRACKET, at, to) : at
    if (close === to) return at
    at = close + 1
  }
  return at
}
