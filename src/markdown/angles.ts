import { ANGLE_LINK, TAG } from './html.js'
import type { SimpleMark } from './mark.js'
import { GREATER, isBlank, isLetter, isWord } from './signs.js'

/** What stands between `<` and `>`: addresses, tags, comments. */

interface Found {
  /** Null for what is neither shown nor changed. */
  readonly is: Extract<SimpleMark['is'], 'autolink' | 'tag' | 'comment'> | null
  readonly to: number
}

export class Angles {
  private nextEnd = -1
  private nextStop = -1
  /** Ends that do not come any more: each is looked for once. */
  private readonly missing: string[] = []

  constructor(private readonly text: string) {}

  at(at: number): Found | null {
    const { text } = this
    if (this.nextEnd < at) this.nextEnd = placeOf(text, '>', at)
    if (this.nextEnd === text.length) return null
    const nameEnd = pastWord(text, at + 1)
    const next = text.charCodeAt(nameEnd)
    if (next === GREATER && isLetter(text.charCodeAt(at + 1))) return { is: 'tag', to: nameEnd + 1 }
    const link = !isBlank(next) && text[this.stopFrom(at)] === '>' ? endOfMatch(ANGLE_LINK, text, at) : -1
    if (link > 0) return { is: 'autolink', to: link }
    if (text[at + 1] === '!' || text[at + 1] === '?') return this.declaration(at)
    const tag = endOfMatch(TAG, text, at)
    return tag > 0 ? { is: 'tag', to: tag } : null
  }

  private declaration(at: number): Found | null {
    const { text } = this
    if (text.startsWith('<!--', at)) return this.upTo('-->', at + 2, 'comment')
    if (text.startsWith('<?', at)) return this.upTo('?>', at + 2, null)
    if (text.startsWith('<![CDATA[', at)) return this.upTo(']]>', at + 9, 'tag')
    return /[A-Z]/.test(text.charAt(at + 2)) ? this.upTo('>', at + 2, 'tag') : null
  }

  private upTo(sign: string, from: number, is: Found['is']): Found | null {
    const end = this.missing.includes(sign) ? -1 : this.text.indexOf(sign, from)
    if (end >= 0) return { is, to: end + sign.length }
    this.missing.push(sign)
    return null
  }

  /** An address ends before the next blank; where this is asked, an angle follows. */
  private stopFrom(at: number): number {
    if (this.nextStop < at) {
      STOP.lastIndex = at
      STOP.test(this.text)
      this.nextStop = STOP.lastIndex - 1
    }
    return this.nextStop
  }
}

const STOP = /[\s>]/g

function pastWord(text: string, from: number): number {
  let at = from
  while (isWord(text.charCodeAt(at))) at += 1
  return at
}

function placeOf(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from)
  return at < 0 ? text.length : at
}

function endOfMatch(what: RegExp, text: string, at: number): number {
  what.lastIndex = at
  return what.test(text) ? what.lastIndex : -1
}
