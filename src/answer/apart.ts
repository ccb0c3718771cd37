import type { Codes } from '../markdown/codes.js'
import { BLANK, isSpace, NEWLINE } from '../markdown/signs.js'
import { BULLET_CODE } from './lists.js'

/** Tells whether words, or a list, end before a place in any case: behind an empty line, or before a list's bullet. */
export class Apart {
  /** The newlines that were passed last, so that many places in one run of them do not each read it to its end. */
  private from = -1
  private to = -1

  constructor(private readonly codes: Codes) {}

  isAt(end: number): boolean {
    const { codes } = this
    let at = end
    while (codes[at] === NEWLINE) at = at === this.from ? this.to : at + 1
    this.from = end
    this.to = at
    if (at >= codes.length - 1) return true
    if (codes[at - 1] !== NEWLINE || isSpace(codes[at]!)) return false
    return (
      codes[at - 2] === NEWLINE || (codes[at] === BULLET_CODE && codes[at + 1] === BLANK && !isSpace(codes[at + 2]!))
    )
  }
}
