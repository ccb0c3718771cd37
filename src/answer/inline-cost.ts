/** What one conversion may still cost, over all of its passes. A step takes about 4 ns. */
export interface Budget {
  steps: number
}

/** Looks at a place before the parser does: where to go on if no mark begins there, else -1. */
export type Look = (at: number) => number

/** A mark that may be the first of a pair. */
interface Opener {
  readonly sign: string
  readonly size: number
  readonly canClose: boolean
  /** How many marks stand before it. */
  readonly place: number
  left: number
}

/**
 * For one paragraph or cell: skips what is plain, and takes from the budget what the parser's searches will cost. It looks for
 * the partner of a closing mark through all marks before it, and for the end of an address or a tag through what follows;
 * where marks are made to have no partner, that is the square of their number.
 */
export function createLook(text: string, budget: Budget): Look {
  const link = text.includes('@') ? LINK_OR_MAIL : LINK
  const lastTagEnd = text.lastIndexOf('>')
  const openers: Opener[] = []
  let lastTicks: Map<number, number> | null = null
  let nextLink = -1
  let marks = 0
  let brackets = 0

  function open(sign: string, size: number, left: number, canClose: boolean): void {
    openers.push({ sign, size, left, canClose, place: marks })
  }

  /** Pairs the parser would find; returns how much of the mark has no partner. */
  function close(sign: string, size: number, canOpen: boolean): number {
    let left = size
    for (let i = openers.length - 1; i >= 0 && left > 0; i -= 1) {
      const opener = openers[i]!
      // CommonMark: of marks that may do both, some pairs of sizes do not go together.
      const isApart = (canOpen || opener.canClose) && (opener.size + size) % 3 === 0 && size % 3 > 0
      if (opener.sign !== sign || (isApart && sign !== '~')) continue
      budget.steps -= marks - opener.place
      const used = Math.min(2, opener.left, left)
      opener.left -= used
      left -= used
      openers.length = opener.left > 0 ? i + 1 : i
      if (opener.left > 0) i += 1
    }
    if (left > 0) budget.steps -= marks
    return left
  }

  function emphasis(sign: string, at: number, size: number): void {
    const { canOpen, canClose } = sidesOf(sign, text[at - 1] ?? '', text[at + size] ?? '')
    const left = canClose ? close(sign, size, canOpen) : size
    if (canOpen && left > 0) open(sign, size, left, canClose)
    marks += 1
  }

  function openBracket(): void {
    open('[', 1, 1, false)
    marks += 1
    brackets += 1
  }

  function closeBracket(at: number): number {
    if (brackets === 0) return at + 1
    brackets -= 1
    budget.steps -= marks
    openers.length = Math.max(
      0,
      openers.findLastIndex(({ sign }) => sign === '['),
    )
    if (text[at + 1] === '[') budget.steps -= STEPS_OF_LABEL
    if (text[at + 1] === '(') {
      const [bracket, blank] = [text.indexOf(')', at), at + lengthOf(NO_BLANK, text, at)]
      budget.steps -= Math.max(bracket < 0 ? text.length : bracket, blank) - at
    }
    return -1
  }

  /** Backticks without as many to close them are plain. */
  function openCode(at: number): number {
    lastTicks ??= new Map([...text.matchAll(TICKS)].map(({ 0: run, index }) => [run.length, index]))
    const size = lengthOf(TICKS_HERE, text, at)
    return lastTicks.get(size)! > at ? -1 : at + size
  }

  return (at) => {
    const sign = text[at]!
    switch (sign) {
      case '*':
      case '_':
        emphasis(sign, at, lengthOf(sign === '*' ? STARS : BARS, text, at))
        return -1
      case '~':
        if (text[at + 1] === '~' && text[at + 2] !== '~') emphasis(sign, at, 2)
        return -1
      case '[':
        openBracket()
        return -1
      case '!':
        if (text[at + 1] === '[') openBracket()
        return -1
      case ']':
        return closeBracket(at)
      case '`':
        return text[at - 1] === '`' ? -1 : openCode(at)
      case '<':
        if (lastTagEnd < at) return at + 1
        budget.steps -= /[!?]/.test(text[at + 1]!) ? (text.length - at) >> 2 : lengthOf(NO_BLANK, text, at) >> 2
        return -1
      case ' ': {
        const size = lengthOf(BLANKS, text, at)
        return text[at + size] === '\n' ? -1 : at + size
      }
      default: {
        if (nextLink < at) nextLink = placeOf(link, text, at)
        const end = Math.min(at + lengthOf(PLAIN, text, at), nextLink)
        return end > at ? end : -1
      }
    }
  }
}

const STEPS_OF_LABEL = 250
const PLAIN = /[^\\&`<*_~[\]! ]+/y
/** Where the parser may find a bare link. */
const LINK = /(?<!\w)(?:www\.|https?:\/\/|mailto:|xmpp:)/g
const LINK_OR_MAIL = /(?<!\w)(?:www\.|https?:\/\/|mailto:|xmpp:|[\w.+-]{1,100}@)/g
const STARS = /\*+/y
const BARS = /_+/y
const TICKS = /`+/g
const TICKS_HERE = /`+/y
const BLANKS = / +/y
const NO_BLANK = /\S+/y

function placeOf(what: RegExp, text: string, from: number): number {
  what.lastIndex = from
  return what.exec(text)?.index ?? text.length
}

function lengthOf(what: RegExp, text: string, at: number): number {
  what.lastIndex = at
  return what.test(text) ? what.lastIndex - at : 0
}

/** CommonMark's left- and right-flanking. */
function sidesOf(
  sign: string,
  before: string,
  after: string,
): { readonly canOpen: boolean; readonly canClose: boolean } {
  const [isBlankBefore, isBlankAfter] = [/^\s?$/.test(before), /^\s?$/.test(after)]
  const [isSignBefore, isSignAfter] = [/[\p{S}\p{P}]/u.test(before), /[\p{S}\p{P}]/u.test(after)]
  const isLeft = !isBlankAfter && (!isSignAfter || isBlankBefore || isSignBefore)
  const isRight = !isBlankBefore && (!isSignBefore || isBlankAfter || isSignAfter)
  if (sign !== '_') return { canOpen: isLeft, canClose: isRight }
  return { canOpen: isLeft && (!isRight || isSignBefore), canClose: isRight && (!isLeft || isSignAfter) }
}
