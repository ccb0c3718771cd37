import type { Budget } from './budget.js'
import { AMPERSAND, AT, COLON, DASH, DOT, HASH, isWord, PLUS } from './signs.js'

/** GitHub's bare links: addresses without marks around them. What stands within one is no mark. */

const HOST = /[\w-]+(?:\.[\w-]+)+/y
const BEHIND_HOST = /(?::\d+)?(?:\/[^\s<]*)?/y
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w.-]+)+/y
const RESOURCE = /\/[a-zA-Z\d@.]+/y
const NUMERIC_ENTITY = /&#(?:\d+|x[a-f\d]+);/y
const WITHOUT_BRACKET = /(?:[^[\]]|\[[^\]]*\])*/
const LONGEST_USER = 100
const NONE = -1

export function mayHoldLink(text: string): boolean {
  return ['@', '://', 'www.', 'mailto:', 'xmpp:'].some((sign) => text.includes(sign))
}

/** The first character from there on without which there is no bare link. */
export function mayLinkFrom(text: string, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === AT || ((code === DOT || code === COLON) && sizeOfScheme(text, at) > 0)) return at
  }
  return at
}

const BEFORE_DOT = ['www']
const BEFORE_SLASHES = ['https', 'http']
const BEFORE_MAIL = ['mailto', 'xmpp']

/** How many characters of a link's beginning stand before its dot or colon, if that is here. */
function sizeOfScheme(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code !== DOT && code !== COLON) return 0
  const names = code === DOT ? BEFORE_DOT : text.startsWith('//', at + 1) ? BEFORE_SLASHES : BEFORE_MAIL
  for (const name of names) if (text.startsWith(name, at - name.length)) return name.length
  return 0
}

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
  private mailFloor = 0

  constructor(
    private readonly text: string,
    private readonly budget: Budget,
  ) {}

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
    const { text } = this
    for (let at = Math.max(from, this.schemeEnd + 1); at < text.length; at += 1) {
      const size = sizeOfScheme(text, at)
      const start = at - size
      if (size === 0 || start < from || isWord(text.charCodeAt(start - 1))) continue
      this.nextUrl = start
      this.schemeEnd = at
      return
    }
    this.nextUrl = this.schemeEnd = text.length
  }

  private startOfMail(least: number): number {
    const { text } = this
    let from = Math.max(least, this.mailFloor)
    let start = from
    do {
      if (this.nextAt < from) {
        this.nextAt = placeOf(text, '@', from)
        this.nextUser = -1
      }
      start = this.startOfUser(from)
      from = this.nextAt + 1
    } while (start === this.nextAt && start < text.length)
    return start
  }

  /** Where what stands before the next `@` begins to be one's name. */
  private startOfUser(from: number): number {
    const { text, nextAt } = this
    if (nextAt === text.length) return nextAt
    if (from <= this.nextUser) return this.nextUser
    let start = nextAt
    const first = Math.max(from, nextAt - LONGEST_USER)
    while (start > first && isOfUser(text.charCodeAt(start - 1))) start -= 1
    while (start < nextAt && start > 0 && isWord(text.charCodeAt(start - 1))) start += 1
    this.nextUser = start
    return start
  }

  private endOf(at: number, isInLabel: boolean): number {
    const { text, schemeEnd } = this
    if (at !== this.nextUrl) return this.mailEnd(at, at)
    const isMail = text[at] === 'm' || text[at] === 'x'
    if (isMail) return this.mailEnd(at, schemeEnd + 1)
    const end = this.urlEnd(schemeEnd + (text[schemeEnd] === '.' ? 1 : 3))
    return end < 0 || !isInLabel ? end : at + WITHOUT_BRACKET.exec(text.slice(at, end))![0].length
  }

  private mailEnd(at: number, from: number): number {
    const { text } = this
    const end = endOfMatch(MAIL, text, from)
    if (end < 0 && from === at) this.mailFloor = this.nextAt + 1
    if (end < 0 || /[_-]/.test(text[end - 1]!)) return NONE
    const to = text[end - 1] === '.' ? end - 1 : end
    return text[at] === 'x' && from > at ? Math.max(to, endOfMatch(RESOURCE, text, to)) : to
  }

  private urlEnd(from: number): number {
    const { text, budget } = this
    const hostEnd = endOfMatch(HOST, text, from)
    if (hostEnd < 0 || hasUnderscoreAtEnd(text.slice(from, hostEnd))) return NONE
    const end = endOfMatch(BEHIND_HOST, text, hostEnd)
    budget.steps -= end - from
    return withoutTail(text, from, end)
  }
}

/** In one of its last two names, where no host has one. */
function hasUnderscoreAtEnd(host: string): boolean {
  return host.includes('_', host.lastIndexOf('.', host.lastIndexOf('.') - 1))
}

/** Where a bare link ends: without the signs behind it, an entity, and a bracket that does not begin in it. */
function withoutTail(text: string, from: number, to: number): number {
  let end = to
  let depth: number | null = null
  let cut: number
  do {
    const last = text[end - 1]!
    cut = '?!.,:*_~'.includes(last) ? 1 : last === ';' ? sizeOfEntity(text, end) : 0
    if (last === ')') {
      depth ??= depthOf(text, from, end)
      cut = depth < 0 ? 1 : 0
      depth += cut
    }
    end -= cut
  } while (cut > 0)
  return end
}

function depthOf(text: string, from: number, to: number): number {
  let depth = 0
  for (let i = from; i < to; i += 1) depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0
  return depth
}

/** Of one that ends here, else 0. */
function sizeOfEntity(text: string, end: number): number {
  let start = end - 2
  while (isWord(text.charCodeAt(start))) start -= 1
  const code = text.charCodeAt(start)
  if (code === AMPERSAND) return start < end - 2 ? end - start : 0
  return code === HASH && endOfMatch(NUMERIC_ENTITY, text, start - 1) === end ? end - start + 1 : 0
}

function placeOf(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from)
  return at < 0 ? text.length : at
}

function endOfMatch(what: RegExp, text: string, at: number): number {
  what.lastIndex = at
  return what.test(text) ? what.lastIndex : NONE
}

function isOfUser(code: number): boolean {
  return isWord(code) || code === DOT || code === PLUS || code === DASH
}
