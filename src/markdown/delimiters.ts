import { SIGN, SPACE, TILDE, UNDERSCORE, WORD } from './signs.js'

/** A run of `*` or `_`, or `~~`, that may begin or end emphasis. */
export interface Delimiter {
  readonly sign: number
  /** As it was written; what is still without a partner is between `from` and `to`. */
  readonly size: number
  readonly canOpen: boolean
  readonly canClose: boolean
  from: number
  to: number
}

/** A run of a sign between characters of these kinds. Null where it can be neither end of a pair. */
export function delimiterOf(sign: number, from: number, to: number, before: number, after: number): Delimiter | null {
  const isLeft = after !== SPACE && (after === WORD || before !== WORD)
  const isRight = before !== SPACE && (before === WORD || after !== WORD)
  const canOpen = isLeft && (sign !== UNDERSCORE || !isRight || before === SIGN)
  const canClose = isRight && (sign !== UNDERSCORE || !isLeft || after === SIGN)
  return canOpen || canClose ? { sign, size: to - from, canOpen, canClose, from, to } : null
}

/** Finds the pairs among the delimiters from `first` on, and takes them off the list. */
export function pairUp(
  delimiters: Delimiter[],
  first: number,
  add: (is: 'emphasis' | 'strong' | 'struck', from: number, to: number) => void,
): void {
  const openers: number[] = []
  const fruitless = NO_KIND.slice()
  for (let i = first; i < delimiters.length; i += 1) {
    const closer = delimiters[i]!
    if (closer.canClose) {
      const kind = kindOfCloser(closer)
      for (let j = openers.length - 1; j >= 0 && openers[j]! >= fruitless[kind]! && closer.to > closer.from; j -= 1) {
        const opener = delimiters[openers[j]!]!
        if (!fit(opener, closer)) continue
        const used = closer.sign === TILDE ? 2 : Math.min(2, opener.to - opener.from, closer.to - closer.from)
        add(closer.sign === TILDE ? 'struck' : used === 1 ? 'emphasis' : 'strong', opener.to - used, closer.from + used)
        opener.to -= used
        closer.from += used
        // What is left of it may be the partner once more.
        if (opener.to > opener.from) j += 1
        while (openers.length > j) openers.pop()
      }
      if (closer.to > closer.from) fruitless[kind] = i
    }
    if (closer.canOpen && closer.to > closer.from) openers.push(i)
  }
  while (delimiters.length > first) delimiters.pop()
}

const NO_KIND: readonly number[] = new Array<number>(18).fill(0)

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
