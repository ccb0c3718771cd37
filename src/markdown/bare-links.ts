import type { Budget } from './budget.js'
import { AT, COLON, DASH, DOT, isWord, PLUS } from './signs.js'

/** GitHub's bare links: addresses without marks around them. What stands within one is no mark. */

const START = /(?<!\w)(?=www\.|https?:\/\/|mailto:|xmpp:)/g
const HOST = /[\w-]+(?:\.[\w-]+)+/y
const BEHIND_HOST = /(?::\d+)?(?:\/[^\s<]*)?/y
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w.-]+)+/y
const RESOURCE = /\/[a-zA-Z\d@.]+/y
const ENTITY = /&(?:#\d+|#x[a-f\d]+|\w+);/y
const WITHOUT_BRACKET = /(?:[^[\]]|\[[^\]]*\])*/
const LONGEST_USER = 100
const NONE = -1

/** The first character from there on without which there is no bare link. */
export function mayLinkFrom(text: string, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === AT || (code === DOT && text.startsWith('www', at - 3))) return at
    if (code === COLON && (text.startsWith('//', at + 1) || /(?:mailto|xmpp)$/.test(text.slice(Math.max(0, at - 6), at)))) return at
  }
  return at
}

export class BareLinks {
  private nextUrl = -1
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
    for (let at = this.startFrom(from); at < before && this.budget.steps >= 0; at = this.startFrom(at + 1)) {
      const end = this.endOf(at, isInLabel)
      if (end > at) return end
    }
    return NONE
  }

  /** Where the next one may begin. */
  private startFrom(from: number): number {
    if (this.nextUrl < from) this.nextUrl = startOfUrl(this.text, from)
    return Math.min(this.nextUrl, this.startOfMail(from))
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
    const { text } = this
    const scheme = at === this.nextUrl ? /[a-z]+[.:/]+/.exec(text.slice(at, at + 8))![0] : ''
    if (!/^(?:www|http)/.test(scheme)) return this.mailEnd(at, scheme)
    const end = this.urlEnd(at + scheme.length)
    return end < 0 || !isInLabel ? end : at + WITHOUT_BRACKET.exec(text.slice(at, end))![0].length
  }

  private mailEnd(at: number, scheme: string): number {
    const { text } = this
    const end = endOfMatch(MAIL, text, at + scheme.length)
    if (end < 0 && scheme === '') this.mailFloor = this.nextAt + 1
    if (end < 0 || /[_-]/.test(text[end - 1]!)) return NONE
    const to = text[end - 1] === '.' ? end - 1 : end
    return scheme === 'xmpp:' ? Math.max(to, endOfMatch(RESOURCE, text, to)) : to
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

function startOfUrl(text: string, from: number): number {
  START.lastIndex = from
  return START.test(text) ? START.lastIndex : text.length
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
  if (text[start] === '#') start -= 1
  return endOfMatch(ENTITY, text, start) === end ? end - start : 0
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
