import type { SyntaxNode } from '@lezer/common'
import { completeFile, completeLink, saysTheSame, shownLink } from './address.js'
import { withoutEntities } from './entities.js'
import { literal, literalAddress, PICTURE } from './literal.js'
import { dropLines, type Page, type Reference, textOf } from './page.js'

/** Links and pictures. */

/** As many attachments as an answer may have. */
export const MOST_PICTURES = 10
const LONGEST_TITLE = 200

/** What follows an address without a blank would be read as part of it. */
const WOULD_JOIN = /^[*_~`]*[.,;:!?]*[\p{L}\p{N}\p{M}/\-=&#%+@$]/u

export function findReferences(page: Pick<Page, 'text' | 'base'>, root: SyntaxNode): Map<string, Reference> {
  const found = new Map<string, Reference>()
  if (!page.text.includes(']:')) return found
  root.cursor().iterate((node) => {
    if (node.name !== 'LinkReference') return
    const label = node.node.getChild('LinkLabel')!
    const url = node.node.getChild('URL')!
    const key = keyOf(page.text.slice(label.from, label.to))
    // `[^1]: …` is a footnote.
    if (key === '' || key.startsWith('^') || found.has(key)) return
    const address = addressIn(page.text.slice(url.from, url.to), page.base)
    found.set(key, { address, node: { from: node.from, to: node.to }, isUsed: false })
  })
  return found
}

/** A definition has done its work where something refers to it; any other is a link that must not be lost. */
export function plainReferences(page: Page): void {
  for (const [key, { address, node, isUsed }] of page.references) {
    if (isUsed) dropLines(page, node)
    else page.edits.push({ ...node, insert: `${key}: ${literalAddress(address)}` })
  }
}

/** False where what is inside needs no further look. */
export function plainLink(page: Page, link: SyntaxNode): boolean {
  const { text, edits } = page
  const target = targetOf(page, link)
  if (target === null) return true
  const { address, from, to } = target
  const label = text.slice(from, to)
  const shown = shownLink(address)
  const end = WOULD_JOIN.test(text.slice(link.to, link.to + 20)) ? ' ' : ''
  if (shown === '') {
    edits.push({ from: link.from, to: from, insert: '' }, { from: to, to: link.to, insert: '' })
    return true
  }
  if (label.trim() === '' || saysTheSame(label.replace(/[*_`]/g, ''), address)) {
    edits.push({ from: link.from, to: link.to, insert: literalAddress(shown) + end })
    return false
  }
  const between = /^!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?$/.test(label.trim())
    ? ' '
    : /[:：]\s*$/.test(label)
      ? ' '
      : ': '
  edits.push({ from: link.from, to: from, insert: '' })
  edits.push({ from: to, to: link.to, insert: between + literalAddress(shown) + end })
  return true
}

/** `<https://…>` without its marks. */
export function plainAutolink(
  { text, edits }: Page,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  edits.push({ from, to: from + 1, insert: '' })
  edits.push({ from: to - 1, to, insert: WOULD_JOIN.test(text.slice(to, to + 20)) ? ' ' : '' })
}

/** Where Markdown is kept, a link's address is still to lead somewhere. */
export function completeTarget({ text, base, edits }: Page, link: SyntaxNode): void {
  const url = link.getChildren('URL').at(-1)
  if (url === undefined) return
  const written = text.slice(url.from, url.to)
  const address = completeLink(written, base)
  if (address !== written) edits.push({ from: url.from, to: url.to, insert: address })
}

/** Only the place of a picture is kept in the text: the picture itself is sent. */
export function takePicture(page: Page, image: SyntaxNode): boolean {
  const target = targetOf(page, image)
  if (target === null) return true
  const { text, base, edits, pictures } = page
  const title = withoutEntities(text.slice(target.from, target.to)).trim()
  const url = completeFile(target.written, base)
  if (url !== null && pictures.length < MOST_PICTURES) {
    edits.push({ from: image.from, to: image.to, insert: PICTURE + pictures.length })
    pictures.push({ url, title: title.slice(0, LONGEST_TITLE).toWellFormed() || null, isInRow: isInRow(image) })
  } else {
    const link = url === null ? '' : literal(url)
    edits.push({ from: image.from, to: image.to, insert: [title, link].filter((part) => part !== '').join(': ') })
  }
  return false
}

interface Target {
  readonly written: string
  readonly address: string
  /** Where its label stands. */
  readonly from: number
  readonly to: number
}

function targetOf(page: Page, node: SyntaxNode): Target | null {
  const [open, close] = node.getChildren('LinkMark')
  const [from, to] = [open!.to, close!.from]
  // An address within the label is none to go to.
  const url = node.getChildren('URL').find((each) => each.from >= close!.to)
  if (url !== undefined) {
    const written = unwrapped(textOf(page, url))
    return { written, address: completeLink(written, page.base), from, to }
  }
  // `[label]()`
  if (page.text[close!.to] === '(' && close!.to < node.to) return { written: '', address: '', from, to }
  const label = node.getChild('LinkLabel')
  const reference =
    page.references.get(keyOf(label === null ? '' : textOf(page, label))) ??
    page.references.get(keyOf(page.text.slice(from, to)))
  if (reference === undefined) return null
  reference.isUsed = true
  return { written: reference.address, address: reference.address, from, to }
}

function addressIn(written: string, base: string | null): string {
  return completeLink(unwrapped(written), base)
}

/** `<a b>` may hold blanks, which no address may. */
function unwrapped(written: string): string {
  const bare = /^<.*>$/s.test(written) ? written.slice(1, -1) : written
  const address = withoutEntities(bare.replace(/\\([!-/:-@[-`{-~])/g, '$1')).trim()
  return address.replace(/[\s<>`[\]]+/g, encodeURIComponent)
}

function keyOf(label: string): string {
  return label
    .replace(/^\[|\]$/g, '')
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase()
}

export function isInRow(node: SyntaxNode): boolean {
  for (let around = node.parent; around !== null; around = around.parent) {
    if (around.name === 'TableCell') return true
  }
  return false
}
