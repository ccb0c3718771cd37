import { toSmall } from '../markdown/codes.js'
import type { Span } from '../markdown/mark.js'
import { APOSTROPHE, GREATER, isDigit, isLetter, LESS, QUOTE, SLASH, TILDE, UNDERSCORE } from '../markdown/signs.js'
import { completeFile, completeLink, shownLink } from './address.js'
import { withoutEntities } from './entities.js'
import { MOST_PICTURES, wouldJoin } from './links.js'
import { literal, literalAddress, PICTURE } from './literal.js'
import { dropLines, isFirstInLine, isLineEnd, type Page, pastBlanks, textOf } from './page.js'

/** HTML in an answer: its tags go, what they say and where they lead stays. What only looks like a tag is text. */

const NAMES = new Set(
  (
    'a abbr address article aside b bdi bdo big blockquote body br button center cite code col colgroup dd del details dfn div ' +
    'dl dt em figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img ins kbd label li link main ' +
    'mark meta nav ol p picture pre q s samp section small source span strike strong sub summary sup table tbody td tfoot th ' +
    'thead title tr tt u ul var video audio wbr'
  ).split(' '),
)
/** Tags whose content is not read for marks. */
const VERBATIM = new Set(['script', 'style', 'pre', 'textarea'])
const ENDS_LINE = new Set(
  'p div li tr h1 h2 h3 h4 h5 h6 ul ol table section article header footer details summary'.split(' '),
)
const EVERY_TAG = /<\/?[a-z][a-z\d]*\b(?:"[^"]*"|'[^']*'|[^'"<>])*>/gi

const MOST_BLANKS = 40
const SILENT = /<(?:script|style)\b/iy
const SILENT_END = /<\/(?:script|style|pre|textarea)>/gi
const COMMENT_END = '-->'
/** What its name begins with. */
const SMALL_S = 115

/** How much of a label is looked at for the address itself, besides the address. */
const MOST_AROUND_ADDRESS = 250

/** Whether a tag is made plain, or takes what is in it along. */
export function isKnownTag(name: string): boolean {
  const small = name.toLowerCase()
  return NAMES.has(small) || VERBATIM.has(small)
}

/** The first begins at `from`. `isInRow`: in a table's row, which is one line. */
export function plainTags(page: Page, from: number, to: number, isInRow: boolean): void {
  const { text, edits } = page
  if (isSilent(text, from)) {
    const [end] = text.slice(from, to).matchAll(SILENT_END)
    const rest = end === undefined ? to : pastBlanks(text, from + end.index + end[0].length)
    edits.push({ from, to: rest, insert: '' })
    return
  }
  /** What stands before the tag once those before it are gone. */
  let before = text.charCodeAt(from - 1)
  for (let at = from; at >= 0 && at < to; ) {
    const tag = readTag(text, at, to)
    if (tag !== null && NAMES.has(tag.name)) {
      const insert = tag.isClosing ? closed(page, tag) : opened(page, tag)
      // Tildes that come together could begin code.
      const isGlue = insert === '' && before === TILDE && text.charCodeAt(tag.to) === TILDE
      edits.push({ from: at, to: tag.to, insert: isGlue || (isInRow && insert === '\n') ? ' ' : insert })
      if (insert !== '') before = insert.charCodeAt(insert.length - 1)
    } else before = GREATER
    const next = tag?.to ?? at + 1
    at = next < to ? text.indexOf('<', next) : to
    if (at > next) before = text.charCodeAt(at - 1)
  }
}

/** What stands behind a comment on its last line belongs to its block, and is read for marks when the comment is gone. */
export function plainCommentBlock(page: Page, place: Span): void {
  const block = textOf(page, place)
  let end = 0
  do end = pastBlanks(block, pastComment(block, end))
  while (block.startsWith('<!--', end))
  if (end === block.length) dropLines(page, place)
  else page.edits.push({ from: place.from, to: place.from + end, insert: '' })
}

function pastComment(text: string, from: number): number {
  const end = text.indexOf(COMMENT_END, from + 2)
  return end < 0 ? text.length : end + COMMENT_END.length
}

function isSilent(text: string, from: number): boolean {
  if (toSmall(text.charCodeAt(from + 1)) !== SMALL_S) return false
  SILENT.lastIndex = from
  return SILENT.test(text)
}

interface Tag {
  readonly isClosing: boolean
  readonly name: string
  readonly from: number
  /** Where its attributes begin. */
  readonly nameEnd: number
  readonly to: number
}

/** Null where there is none. */
function readTag(text: string, from: number, end: number): Tag | null {
  const isClosing = text.charCodeAt(from + 1) === SLASH
  const nameFrom = from + (isClosing ? 2 : 1)
  let nameEnd = nameFrom
  while (nameEnd < end && isAlphanumeric(text.charCodeAt(nameEnd))) nameEnd += 1
  if (!isLetter(text.charCodeAt(nameFrom)) || text.charCodeAt(nameEnd) === UNDERSCORE) return null
  const to = pastAttributes(text, nameEnd, end)
  if (to < 0) return null
  const written = text.slice(nameFrom, nameEnd)
  return { isClosing, name: NAMES.has(written) ? written : written.toLowerCase(), from, nameEnd, to }
}

/** Past the `>` that ends a tag, else -1. */
function pastAttributes(text: string, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code === GREATER) return at + 1
    if (code === LESS) return -1
    if (code !== QUOTE && code !== APOSTROPHE) continue
    at = text.indexOf(text[at]!, at + 1)
    if (at < 0) return -1
  }
  return -1
}

function isAlphanumeric(code: number): boolean {
  return isLetter(code) || isDigit(code)
}

/** A link that nobody closed leads somewhere all the same. */
export function plainOpenAnchors({ text, edits, anchors }: Page): void {
  const insert = anchors.map(({ address }) => ` ${literalAddress(address)}`).join('')
  if (insert !== '') edits.push({ from: text.length, to: text.length, insert })
}

function opened(page: Page, { name, from: start, nameEnd, to: end }: Tag): string {
  const { text, base, pictures, anchors } = page
  switch (name) {
    case 'br':
      return isLineEnd(text, end) ? '' : '\n'
    case 'li':
      return '• '
    case 'a': {
      const address = shownLink(completeLink(attribute(text.slice(nameEnd, end - 1), 'href'), base))
      if (address !== '') anchors.push({ address, from: end })
      return ''
    }
    case 'img': {
      const attributes = text.slice(nameEnd, end - 1)
      const url = completeFile(attribute(attributes, 'src'), base)
      const title = attribute(attributes, 'alt')
      if (url === null) return title
      if (pictures.length >= MOST_PICTURES) return literal(url)
      pictures.push({ url, title: title || null, isInRow: false })
      return `${PICTURE}${pictures.length - 1}`
    }
    default:
      return ENDS_LINE.has(name) && start > 0 && !isFirstInLine(text, start) ? '\n' : ''
  }
}

function closed({ text, anchors }: Page, { name, from: start, to: end }: Tag): string {
  if (name === 'a') {
    const anchor = anchors.pop()
    if (anchor === undefined) return ''
    const label = text
      .slice(anchor.from, Math.min(start, anchor.from + anchor.address.length + MOST_AROUND_ADDRESS))
      .replaceAll(EVERY_TAG, '')
      .trim()
    const joined = wouldJoin(text, end) ? ' ' : ''
    if (label === '') return literalAddress(anchor.address) + joined
    return (label.includes(anchor.address) ? '' : `: ${literalAddress(anchor.address)}`) + joined
  }
  if (name === 'td' || name === 'th') return ' '
  return ENDS_LINE.has(name) && !isLineEnd(text, end) && !isBeforeClosingTag(text, end) ? '\n' : ''
}

function isBeforeClosingTag(text: string, at: number): boolean {
  let next = at
  while (next < at + MOST_BLANKS && /\s/.test(text.charAt(next))) next += 1
  return text.startsWith('</', next)
}

const ATTRIBUTE = {
  href: /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
  src: /\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
  alt: /\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
}

function attribute(attributes: string, name: keyof typeof ATTRIBUTE): string {
  const match = ATTRIBUTE[name].exec(attributes)
  return match === null ? '' : withoutEntities(match[1] ?? match[2] ?? match[3]!).trim()
}
