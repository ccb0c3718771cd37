import type { Budget } from './budget.js'

/** GitHub's bare links: addresses without marks around them. What stands within one is no mark. */

const START = /(?<!\w)(?:www\.|https?:\/\/|mailto:|xmpp:)/g
const URL_REST = /[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[^\s<]*)?/y
const LAST_TWO_NAMES = /[\w-]+\.[\w-]+(?:$|[/:])/
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w.-]+)+/y
const RESOURCE = /\/[a-zA-Z\d@.]+/y
const ENTITY_AT_END = /&(?:#\d+|#x[a-f\d]+|\w+);$/
const WITHOUT_BRACKET = /(?:[^[\]]|\[[^\]]*\])*/
const LONGEST_USER = 100
const NONE = -1

export class BareLinks {
  private nextUrl = -1
  private nextAt = -1
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
      if (this.nextAt < from) this.nextAt = placeOf(text, '@', from)
      start = this.startOfUser(from)
      from = this.nextAt + 1
    } while (start === this.nextAt && start < text.length)
    return start
  }

  /** Where what stands before the next `@` begins to be one's name. */
  private startOfUser(from: number): number {
    const { text, nextAt } = this
    let start = nextAt
    if (start === text.length) return start
    const first = Math.max(from, nextAt - LONGEST_USER)
    while (start > first && /[\w.+-]/.test(text[start - 1]!)) start -= 1
    while (start < nextAt && start > 0 && /\w/.test(text[start - 1]!)) start += 1
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
    let end = endOfMatch(URL_REST, text, from)
    budget.steps -= Math.max(0, end - from)
    if (end < 0 || LAST_TWO_NAMES.exec(text.slice(from, end))![0].includes('_')) return NONE
    for (; budget.steps >= 0; budget.steps -= end - from) {
      const last = text[end - 1]!
      const entity = last === ';' ? ENTITY_AT_END.exec(text.slice(from, end)) : null
      if (/[?!.,:*_~]/.test(last) || (last === ')' && hasMoreClosed(text, from, end))) end -= 1
      else if (entity !== null) end = from + entity.index
      else break
    }
    return end
  }
}

function startOfUrl(text: string, from: number): number {
  START.lastIndex = from
  return START.exec(text)?.index ?? text.length
}

function placeOf(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from)
  return at < 0 ? text.length : at
}

function endOfMatch(what: RegExp, text: string, at: number): number {
  what.lastIndex = at
  return what.test(text) ? what.lastIndex : NONE
}

function hasMoreClosed(text: string, from: number, to: number): boolean {
  let depth = 0
  for (let i = from; i < to; i += 1) depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0
  return depth < 0
}
