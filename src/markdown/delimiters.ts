import { CLOSE_WORD, SIGN, SPACE, STAR, TILDE, UNDERSCORE, WORD } from './signs.js'

/** A run of `*` or `_`, or `~~`, that may begin or end emphasis. */
export interface Delimiter {
  readonly sign: number
  /** As it was written; what is still without a partner is between `from` and `to`. */
  readonly size: number
  readonly canOpen: boolean
  readonly canClose: boolean
  from: number
  to: number
  /** The one before it that may open a pair too. */
  openerBefore: Delimiter | null
}

/**
 * A run of a sign between characters of these kinds. Null where it can be neither end of a pair. CommonMark wants a blank
 * or a sign outside of emphasis whose first or last character is a sign, which many languages do not write: two stars and
 * more, which hardly mean anything else, need none there.
 */
export function delimiterOf(sign: number, from: number, to: number, before: number, after: number): Delimiter | null {
  const outside = sign === STAR && to - from > 1 ? CLOSE_WORD : SIGN
  const isLeft = after !== SPACE && (after >= WORD || before < WORD || before === outside)
  const isRight = before !== SPACE && (before >= WORD || after < WORD || after === outside)
  const canOpen = isLeft && (sign !== UNDERSCORE || !isRight || before === SIGN)
  const canClose = isRight && (sign !== UNDERSCORE || !isLeft || after === SIGN)
  return canOpen || canClose ? { sign, size: to - from, canOpen, canClose, from, to, openerBefore: null } : null
}

/** Finds the pairs among the delimiters from `first` on, and takes them off the list. */
export function pairUp(
  delimiters: Delimiter[],
  first: number,
  add: (is: 'emphasis' | 'strong' | 'struck', from: number, to: number) => void,
): void {
  fruitless.fill(0)
  /** The last one that may open a pair, and through it those before it. */
  let last = null as Delimiter | null
  for (let i = first; i < delimiters.length; i += 1) {
    const closer = delimiters[i]!
    if (closer.canClose) {
      const kind = kindOfCloser(closer)
      let opener = last as Delimiter | null
      while (opener !== null && opener.from >= fruitless[kind]! && closer.to > closer.from) {
        if (fit(opener, closer)) {
          const used = closer.sign === TILDE ? 2 : Math.min(2, opener.to - opener.from, closer.to - closer.from)
          add(
            closer.sign === TILDE ? 'struck' : used === 1 ? 'emphasis' : 'strong',
            opener.to - used,
            closer.from + used,
          )
          opener.to -= used
          closer.from += used
          last = opener
          // What is left of it may be the partner once more.
          if (opener.to > opener.from) continue
          last = opener.openerBefore
        }
        opener = opener.openerBefore
      }
      if (closer.to > closer.from) fruitless[kind] = closer.from
    }
    if (closer.canOpen && closer.to > closer.from) {
      closer.openerBefore = last
      last = closer
    }
  }
  while (delimiters.length > first) delimiters.pop()
}

/** By the kind of a closer: before this place none fits it. */
const fruitless = new Int32Array(18)

/** What decides which openers fit it: those before one of the same kind that fitted none need not be looked at again. */
function kindOfCloser({ sign, canOpen, size }: Delimiter): number {
  const bySign = sign === TILDE ? 0 : sign === UNDERSCORE ? 1 : 2
  return bySign * 6 + (canOpen ? 3 : 0) + (size % 3)
}

/** Of runs that may both open and close, some sizes do not go together (rules 9 and 10 of CommonMark's emphasis). */
function fit(opener: Delimiter, closer: Delimiter): boolean {
  if (opener.sign !== closer.sign) return false
  if (closer.sign === TILDE || !(closer.canOpen || opener.canClose)) return true
  return (opener.size + closer.size) % 3 !== 0 || (opener.size % 3 === 0 && closer.size % 3 === 0)
}
