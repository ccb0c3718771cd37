import type { Definition, Link, Span } from '../markdown/mark.js'
import { isBlank } from '../markdown/signs.js'
import { completeFile, completeLink, saysTheSame, shownLink } from './address.js'
import { withoutEntities } from './entities.js'
import { literal, literalAddress, PICTURE } from './literal.js'
import { dropLines, type Page, type Reference, textOf } from './page.js'

/** Links and pictures. */

/** As many attachments as an answer may have. */
export const MOST_PICTURES = 10
const LONGEST_TITLE = 200

/** What an address is read on with: words, and what may stand in an address, or the next link. */
const JOINS = /[.,;:!?]*[\p{L}\p{N}\p{M}/\-=&#%+@$[(]|'\p{L}|\\[^\s\p{L}]|<[a-z][a-z\d+.-]*[:@]/iuy
/** What will be gone: marks and tags of emphasis. */
const GONE =
  /[*_~`]|<\/?(?:a|b|big|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|u)\b[^<>]{0,500}>/iuy
/** So many are looked past; behind more of them a blank harms nobody. */
const MOST_GONE = 10

export function findReferences(
  { text, base }: Pick<Page, 'text' | 'base'>,
  definitions: readonly Definition[],
): Page['references'] {
  const found = new Map<string, Reference[]>()
  for (const { from, to, label, url } of definitions) {
    const key = keyOf(text.slice(label.from, label.to))
    // `[^1]: …` is a footnote.
    if (key === '' || key.startsWith('^')) continue
    const address = completeLink(unwrapped(text.slice(url.from, url.to)), base)
    const reference = { address, place: { from, to }, isUsed: false }
    const others = found.get(key)
    if (others === undefined) found.set(key, [reference])
    else others.push(reference)
  }
  return found
}

/** A definition has done its work where something refers to it; any other is a link that must not be lost. */
export function plainReferences(page: Page): void {
  for (const [key, references] of page.references) {
    for (const { address, place, isUsed } of references) {
      if (isUsed) dropLines(page, place)
      else page.edits.push({ from: place.from, to: place.to, insert: `${key}: ${literalAddress(address)}` })
    }
  }
}

const PICTURE_ALONE = /^!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?$/

/** False where what is inside needs no further look. */
export function plainLink(page: Page, link: Link): boolean {
  const { text, edits } = page
  const target = targetOf(page, link)
  if (target === null) return true
  const { address } = target
  const { from, to } = link.parts.label
  const label = text.slice(from, to)
  const shown = shownLink(address)
  const end = wouldJoin(text, link.to) ? ' ' : ''
  if (shown === '') {
    edits.push({ from: link.from, to: from, insert: '' }, { from: to, to: link.to, insert: '' })
    return true
  }
  if (label.trim() === '' || isSameAddress(label, address)) {
    edits.push({ from: link.from, to: link.to, insert: literalAddress(shown) + end })
    return false
  }
  const isOnlyPicture = label.includes('![') && PICTURE_ALONE.test(label.trim())
  const between = isOnlyPicture || /[:：]$/.test(label.trimEnd()) ? ' ' : ': '
  edits.push({ from: link.from, to: from, insert: '' })
  // `[1]: …` would be taken for a definition.
  const isBracketed = /^\[[^\\]*\]$/.test(label) && !page.references.has(keyOf(label))
  const bracket = isBracketed ? literal(']') : ''
  edits.push({ from: to - bracket.length, to: link.to, insert: bracket + between + literalAddress(shown) + end })
  return true
}

/** An underscore in a label is a mark, or stands in the address too. */
function isSameAddress(label: string, address: string): boolean {
  const bare = label.replace(/[*`]|\\(?=[!-/:-@[-`{-~])/g, '')
  return saysTheSame(bare, address) || saysTheSame(bare.replaceAll('_', ''), address)
}

/** Whether an address that ends here wants a blank behind it, since what follows would be read as part of it. */
export function wouldJoin(text: string, at: number): boolean {
  if (isBlank(text.charCodeAt(at))) return false
  for (let gone = 0, next = at; gone < MOST_GONE; gone += 1, next = GONE.lastIndex) {
    JOINS.lastIndex = GONE.lastIndex = next
    if (JOINS.test(text)) return true
    if (!GONE.test(text)) return false
  }
  return true
}

/** `<https://…>` without its marks. */
export function plainAutolink({ text, edits }: Page, { from, to }: Span): void {
  edits.push({ from, to: from + 1, insert: '' })
  edits.push({ from: to - 1, to, insert: wouldJoin(text, to) ? ' ' : '' })
}

/** Where Markdown is kept, a link's address is still to lead somewhere. */
export function completeTarget({ text, base, edits }: Page, { parts }: Link): void {
  const { url } = parts
  if (url === null) return
  const written = text.slice(url.from, url.to)
  const address = completeLink(written, base)
  if (address !== written) edits.push({ from: url.from, to: url.to, insert: address })
}

/** Only the place of a picture is kept in the text: the picture itself is sent. */
export function takePicture(page: Page, image: Link, isInRow: boolean): boolean {
  const target = targetOf(page, image)
  if (target === null) return true
  const { base, edits, pictures } = page
  const title = withoutEntities(textOf(page, image.parts.label)).trim()
  const url = completeFile(target.written, base)
  if (url !== null && pictures.length < MOST_PICTURES) {
    edits.push({ from: image.from, to: image.to, insert: PICTURE + pictures.length })
    pictures.push({ url, title: title.slice(0, LONGEST_TITLE).toWellFormed() || null, isInRow })
  } else {
    const link = url === null ? '' : literal(url)
    edits.push({ from: image.from, to: image.to, insert: [title, link].filter((part) => part !== '').join(': ') })
  }
  return false
}

interface Target {
  readonly written: string
  readonly address: string
}

/** Where a link leads. */
function targetOf(page: Page, { parts }: Link): Target | null {
  const { label, hasTarget, url, reference } = parts
  const { base, references } = page
  if (hasTarget) {
    const written = url === null ? '' : unwrapped(textOf(page, url))
    return { written, address: url === null ? '' : completeLink(written, base) }
  }
  if (references.size === 0) return null
  const named = reference === null ? undefined : references.get(keyOf(textOf(page, reference)))?.[0]
  const found = named ?? references.get(keyOf(textOf(page, label)))?.[0]
  if (found === undefined) return null
  found.isUsed = true
  return { written: found.address, address: found.address }
}

const MAY_BE_WRAPPED = /[\s<>`[\]\\&]/

/** `<a b>` may hold blanks, which no address may. */
function unwrapped(written: string): string {
  if (!MAY_BE_WRAPPED.test(written)) return written
  const bare = written.startsWith('<') && written.endsWith('>') ? written.slice(1, -1) : written
  const address = withoutEntities(bare.replace(/\\([!-/:-@[-`{-~])/g, '$1')).trim()
  return address.replace(/[\s<>`[\]]+/g, encodeURIComponent)
}

/** As labels are compared: without brackets and blanks around, in small letters. */
function keyOf(label: string): string {
  const words = label.slice(label.startsWith('[') ? 1 : 0, label.endsWith(']') ? -1 : label.length)
  return IS_KEY.test(words) ? words : words.trim().replace(/\s+/g, ' ').toLowerCase()
}

const IS_KEY = /^[^\sA-Z\u0080-\uffff]*$/
