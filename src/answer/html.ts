import { completeFile, completeLink, shownLink } from './address.js'
import { withoutEntities } from './entities.js'
import { MOST_PICTURES } from './links.js'
import { literal, literalAddress, PICTURE } from './literal.js'
import { isFirstInLine, isLineEnd, type Page } from './page.js'

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
const TAG = /<(\/?)([a-z][a-z\d]*)\b((?:"[^"]*"|'[^']*'|[^'"<>])*)>/gi

const EVERY_TAG = new RegExp(TAG)

const MOST_BLANKS = 40
const SILENT = /\s*<(?:script|style)\b/iy

/** How much of a label is looked at for the address itself, besides the address. */
const MOST_AROUND_ADDRESS = 250

/** Whether a tag is made plain, or takes what is in it along. */
export function isKnownTag(name: string): boolean {
  const small = name.toLowerCase()
  return NAMES.has(small) || VERBATIM.has(small)
}

/** `isInRow`: in a table's row, which is one line. */
export function plainTags(page: Page, from: number, to: number, isInRow: boolean): void {
  SILENT.lastIndex = from
  if (SILENT.test(page.text)) {
    page.edits.push({ from, to, insert: '' })
    return
  }
  const block = page.text.slice(from, to)
  TAG.lastIndex = 0
  for (let match = TAG.exec(block); match !== null; match = TAG.exec(block)) {
    const name = match[2]!.toLowerCase()
    if (!NAMES.has(name)) continue
    const start = from + match.index
    const end = start + match[0].length
    const insert = match[1] === '' ? opened(page, name, match[3]!, start, end) : closed(page, name, start, end)
    page.edits.push({ from: start, to: end, insert: isInRow && insert === '\n' ? ' ' : insert })
  }
}

/** A link that nobody closed leads somewhere all the same. */
export function plainOpenAnchors({ text, edits, anchors }: Page): void {
  const insert = anchors.map(({ address }) => ` ${literalAddress(address)}`).join('')
  if (insert !== '') edits.push({ from: text.length, to: text.length, insert })
}

function opened(page: Page, name: string, attributes: string, start: number, end: number): string {
  const { text, base, pictures, anchors } = page
  switch (name) {
    case 'br':
      return isLineEnd(text, end) ? '' : '\n'
    case 'li':
      return '• '
    case 'a': {
      const address = shownLink(completeLink(attribute(attributes, 'href'), base))
      if (address !== '') anchors.push({ address, from: end })
      return ''
    }
    case 'img': {
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

function closed({ text, anchors }: Page, name: string, start: number, end: number): string {
  if (name === 'a') {
    const anchor = anchors.pop()
    if (anchor === undefined) return ''
    const label = text
      .slice(anchor.from, Math.min(start, anchor.from + anchor.address.length + MOST_AROUND_ADDRESS))
      .replaceAll(EVERY_TAG, '')
      .trim()
    const joined = /^[\p{L}\p{N}/]/u.test(text.slice(end, end + 2)) ? ' ' : ''
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
