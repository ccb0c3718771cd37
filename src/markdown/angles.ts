import { isAngleLink } from './angle-links.js'
import { type Codes, codesOf, placeOf, placeOfWord, startsWith } from './codes.js'
import type { SimpleMark } from './mark.js'
import { BANG, GREATER, isBlank, isCapital, isLetter, isSpace, isWord, QUESTION } from './signs.js'
import { pastTag } from './tags.js'

/** What stands between `<` and `>`: addresses, tags, comments. */

interface Found {
  /** Null for what is neither shown nor changed. */
  readonly is: Extract<SimpleMark['is'], 'autolink' | 'tag' | 'comment'> | null
  readonly to: number
}

const COMMENT = codesOf('<!--')
const INSTRUCTION = codesOf('<?')
const CDATA = codesOf('<![CDATA[')
const COMMENT_END = codesOf('-->')
const INSTRUCTION_END = codesOf('?>')
const CDATA_END = codesOf(']]>')
const DECLARATION_END = codesOf('>')

/** Whether something may begin at this `<` that ends at a `>`, of which the next stands at `nextEnd`; that is 0 if there is none. */
export function mayBeginAngles(codes: Codes, at: number, nextEnd: number): boolean {
  if (nextEnd === 0) return false
  const first = codes[at + 1]!
  if (first === BANG || first === QUESTION || isAngleLink(codes, at + 1, nextEnd)) return true
  return pastTag(codes, at, codes.length - 1, true) > 0
}

export class Angles {
  private nextEnd = -1
  private nextStop = -1
  /** Ends that do not come any more: each is looked for once. */
  private readonly missing: Codes[] = []

  constructor(
    private readonly codes: Codes,
    private readonly end: number,
  ) {}

  at(at: number): Found | null {
    const { codes, end } = this
    if (this.nextEnd < at) this.nextEnd = placeOf(codes, GREATER, at, end)
    if (this.nextEnd === end) return null
    const first = codes[at + 1]!
    let nameEnd = at + 1
    while (isWord(codes[nameEnd]!)) nameEnd += 1
    const next = codes[nameEnd]!
    if (next === GREATER && isLetter(first)) return { is: 'tag', to: nameEnd + 1 }
    if (!isBlank(next) && this.stopFrom(at) === this.nextEnd && isAngleLink(codes, at + 1, this.nextEnd)) {
      return { is: 'autolink', to: this.nextEnd + 1 }
    }
    if (first === BANG || first === QUESTION) return this.declaration(at)
    const tag = pastTag(codes, at, end, true)
    return tag > 0 ? { is: 'tag', to: tag } : null
  }

  private declaration(at: number): Found | null {
    const { codes } = this
    if (startsWith(codes, COMMENT, at)) return this.upTo(COMMENT_END, at + 2, 'comment')
    if (startsWith(codes, INSTRUCTION, at)) return this.upTo(INSTRUCTION_END, at + 2, null)
    if (startsWith(codes, CDATA, at)) return this.upTo(CDATA_END, at + 9, 'tag')
    return isCapital(codes[at + 2]!) ? this.upTo(DECLARATION_END, at + 2, 'tag') : null
  }

  private upTo(sign: Codes, from: number, is: Found['is']): Found | null {
    const at = this.missing.includes(sign) ? -1 : placeOfWord(this.codes, sign, from, this.end)
    if (at >= 0) return { is, to: at + sign.length - 1 }
    this.missing.push(sign)
    return null
  }

  /** An address ends before the next blank; where this is asked, an angle follows. */
  private stopFrom(at: number): number {
    if (this.nextStop < at) {
      let stop = at
      while (this.codes[stop] !== GREATER && !isSpace(this.codes[stop]!)) stop += 1
      this.nextStop = stop
    }
    return this.nextStop
  }
}
