import { type Codes, codesOf, placeOf, readsAs, startsWith, toSmall } from './codes.js'
import { BANG, GREATER, isCapital, isDigit, isLetter, isSpace, QUESTION, SLASH } from './signs.js'
import { pastSpaces, pastTag } from './tags.js'

/** Blocks of HTML as CommonMark defines them. */

export interface HtmlBlock {
  readonly is: 'html block' | 'comment block' | null
  /** What its last line holds one of, each of which ends with `>`; where there is nothing, it ends before a blank line. */
  readonly ends: readonly Codes[]
}

function block(is: HtmlBlock['is'], ...ends: readonly string[]): HtmlBlock {
  return { is, ends: ends.map(codesOf) }
}

const VERBATIM = block('html block', '</script>', '</pre>', '</style>', '</textarea>')
const COMMENT = block('comment block', '-->')
const INSTRUCTION = block(null, '?>')
const DECLARATION = block('html block', '>')
const CDATA = block('html block', ']]>')
const TAGS = block('html block')

/** By their first letter. */
type Names = ReadonlyMap<number, readonly Codes[]>

function namesOf(list: string): Names {
  const names = list.split(' ').map(codesOf)
  return new Map(names.map(([first]) => [first!, names.filter((name) => name[0] === first)]))
}

const BLOCK_NAMES = namesOf(
  'address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt ' +
    'fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main ' +
    'menu menuitem nav noframes ol optgroup option p param section source summary table tbody td tfoot th thead title tr ' +
    'track ul',
)
const VERBATIM_NAMES = namesOf('script pre style textarea')

const COMMENT_START = codesOf('<!--')
const CDATA_START = codesOf('<![CDATA[')

/** By what follows the `<`. */
export function mayBeginHtmlBlock(code: number): boolean {
  return isLetter(code) || code === SLASH || code === BANG || code === QUESTION
}

/** The kind of block that a line begins with. */
export function htmlBlockOf(codes: Codes, from: number, end: number, breaksParagraph: boolean): HtmlBlock | null {
  switch (codes[from + 1]) {
    case BANG:
      if (startsWith(codes, COMMENT_START, from)) return COMMENT
      if (isCapital(codes[from + 2]!)) return DECLARATION
      return startsWith(codes, CDATA_START, from) ? CDATA : null
    case QUESTION:
      return INSTRUCTION
    default:
      return tagBlockOf(codes, from, end, breaksParagraph)
  }
}

function tagBlockOf(codes: Codes, from: number, end: number, breaksParagraph: boolean): HtmlBlock | null {
  const isClosing = codes[from + 1] === SLASH
  const name = from + (isClosing ? 2 : 1)
  let nameEnd = name
  while (nameEnd < end && (isLetter(codes[nameEnd]!) || isDigit(codes[nameEnd]!))) nameEnd += 1
  const isOver = nameEnd >= end || codes[nameEnd] === GREATER || isSpace(codes[nameEnd]!)
  if (isOver && !isClosing && isOneOf(VERBATIM_NAMES, codes, name, nameEnd)) return VERBATIM
  const isBeforeEnd = isOver || (codes[nameEnd] === SLASH && codes[nameEnd + 1] === GREATER)
  if (isBeforeEnd && isOneOf(BLOCK_NAMES, codes, name, nameEnd)) return TAGS
  const tagEnd = breaksParagraph ? -1 : pastTag(codes, from, end, false)
  return tagEnd > 0 && pastSpaces(codes, tagEnd, end) === end ? TAGS : null
}

function isOneOf(names: Names, codes: Codes, from: number, to: number): boolean {
  const alike = names.get(toSmall(codes[from]!)) ?? []
  return alike.some((name) => name.length - 1 === to - from && readsAs(codes, name, from))
}

/** Whether the line that ends here is the last one of a block, which has such lines. */
export function holdsEnd({ ends }: HtmlBlock, codes: Codes, from: number, to: number): boolean {
  for (let at = placeOf(codes, GREATER, from, to); at < to; at = placeOf(codes, GREATER, at + 1, to)) {
    for (const end of ends) {
      const start = at + 2 - end.length
      if (start >= from && readsAs(codes, end, start)) return true
    }
  }
  return false
}
