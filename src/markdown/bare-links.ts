import type { Budget } from './budget.js'
import { type Codes, codesOf, placeOf, signFrom, signTable } from './codes.js'
import { isOfUser, pastHost, pastMail, pastPath, pastResource, placeOfUnderscore } from './hosts.js'
import { withoutTail } from './link-tail.js'
import { AT, CLOSE_BRACKET, DASH, DOT, isWord, OPEN_BRACKET, SLASH, UNDERSCORE } from './signs.js'

/** GitHub's bare links: addresses without marks around them. What stands within one is no mark. */

const LONGEST_USER = 100
const NONE = -1

/** One of them stands in each bare link. */
const SIGNS = signTable('@.:')

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

/** Those of one piece of a text after the other. */
export class BareLinks {
  private start = 0
  private end = 0
  /** Where the next one may begin. */
  private next = 0
  /** Its dot or colon, or the `@` of a mail address. */
  private sign = 0
  /** Before this place no mail address ends well. */
  private mailFloor = 0
  /** No host that begins up to this place ends well: each would have this underscore in one of its last two names. */
  private hostFloor = NONE

  constructor(
    private readonly codes: Codes,
    private readonly budget: Budget,
  ) {}

  /** Goes to the next piece. */
  begin(start: number, end: number): void {
    this.start = this.mailFloor = start
    this.end = end
    this.hostFloor = NONE
    this.find(start)
  }

  /** False where it is known that none begins before this place. */
  mayBeginBefore(place: number): boolean {
    return this.next < place
  }

  /** Past the bare link that begins between two places, else -1. In a link's label it ends at a bracket. */
  pastLink(from: number, before: number, isInLabel: boolean): number {
    if (this.next < from) this.find(from)
    while (this.next < before && this.budget.steps >= 0) {
      const end = this.endOf(isInLabel)
      if (end > this.next) return end
      this.find(this.next + 1)
    }
    return NONE
  }

  /** The next one that may begin from there on. */
  private find(from: number): void {
    const { codes, end } = this
    for (let at = signFrom(codes, SIGNS, from, end); at < end; at = signFrom(codes, SIGNS, at + 1, end)) {
      const start = codes[at] === AT ? this.startOfUser(from, at) : this.startOfScheme(from, at)
      if (start === at) continue
      this.next = start
      this.sign = at
      if (codes[at] === DOT) this.findMailAround(from)
      return
    }
    this.next = this.sign = end
  }

  /** `www.` may also be within the name before an `@`. */
  private findMailAround(from: number): void {
    const { codes, next, sign } = this
    const most = Math.min(this.end, sign + LONGEST_USER)
    let at = sign
    while (at < most && isOfUser(codes[at]!)) at += 1
    if (at === most || codes[at] !== AT) return
    const start = this.startOfUser(from, at)
    if (start >= next) return
    this.next = start
    this.sign = at
  }

  /** Where the letters before a dot or colon begin which make it a link's, else its own place. */
  private startOfScheme(from: number, at: number): number {
    const { codes } = this
    const start = at - sizeOfScheme(codes, at)
    return start < from || (start > this.start && isWord(codes[start - 1]!)) ? at : start
  }

  /** Where what stands before an `@` begins to be one's name, its own place if it is none. */
  private startOfUser(from: number, at: number): number {
    const { codes } = this
    const first = Math.max(from, this.mailFloor, at - LONGEST_USER)
    let start = at
    while (start > first && isOfUser(codes[start - 1]!)) start -= 1
    while (start < at && start > this.start && isWord(codes[start - 1]!)) start += 1
    return start
  }

  private endOf(isInLabel: boolean): number {
    const { codes, next, sign } = this
    if (codes[sign] === AT) return this.mailEnd(next, next)
    if (BEFORE_MAIL.some((name) => name[0] === codes[next])) return this.mailEnd(next, sign + 1)
    const end = this.urlEnd(sign + (codes[sign] === DOT ? 1 : 3))
    return end < 0 || !isInLabel ? end : pastPairedBrackets(codes, next, end)
  }

  private mailEnd(at: number, from: number): number {
    const { codes } = this
    const end = pastMail(codes, from, this.end)
    if (end < 0 && from === at) this.mailFloor = this.sign + 1
    const last = end < 0 ? UNDERSCORE : codes[end - 1]!
    if (last === UNDERSCORE || last === DASH) return NONE
    const to = last === DOT ? end - 1 : end
    const mayHaveResource = from > at && codes[at] === BEFORE_RESOURCE
    return mayHaveResource ? pastResource(codes, to, this.end) : to
  }

  private urlEnd(from: number): number {
    const { codes, budget } = this
    if (from <= this.hostFloor) return NONE
    const hostEnd = pastHost(codes, from, this.end)
    if (hostEnd < 0) return NONE
    this.hostFloor = placeOfUnderscore(codes, from, hostEnd)
    if (this.hostFloor > 0) return NONE
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
