import type { SyntaxNodeRef, Tree } from '@lezer/common'
import { plainFence, plainHeading, plainInlineCode, plainQuoteMark } from './blocks.js'
import { edited } from './edits.js'
import { withoutEntities } from './entities.js'
import { plainOpenAnchors, plainTags } from './html.js'
import {
  completeTarget,
  findReferences,
  isInRow,
  plainAutolink,
  plainLink,
  plainReferences,
  takePicture,
} from './links.js'
import { plainListMark } from './lists.js'
import { literal, withoutStandIns, withSigns } from './literal.js'
import { newBudget, parseMarkdown } from './markdown.js'
import { dropLines, type Page, type Picture, textOf } from './page.js'
import { type Plain, settlePictures } from './pictures.js'
import { plainTable } from './tables.js'

/**
 * Markdown as a text that reads well without being rendered. The tree only says where marks stand: what is no mark is not
 * touched, so that a text without Markdown comes out as it went in.
 */
export function plainText(given: string, base: string | null): Plain {
  let text = withoutStandIns(given).trim()
  const pictures: Picture[] = []
  const budget = newBudget()
  // Within a mark that is gone another one may begin: `**# Title**`.
  for (let pass = 0; pass < MOST_PASSES && (pass === 0 ? MAY_HOLD_MARKS : MAY_STILL_HOLD).test(text); pass += 1) {
    const tree = parseMarkdown(text, budget)
    const next = tree === null ? text : settlePictures(plainOnce(text, tree, base, pictures), pictures)
    if (next === text) break
    text = next
  }
  return { text: withSigns(text), pictures }
}

const MOST_PASSES = 6
const MAY_HOLD_MARKS = /[*_`<>[\]\\&~#|]|^[ \t]*[-+=]|^[ \t]*\d{1,9}[.)][ \t]/m
/** A list that was written out once stays as it is. */
const MAY_STILL_HOLD = /[*_`<>[\]\\&~#|]|^[ \t]*[-+=]|^[ \t]*(?:•|\d{1,9}[.)])[ \t]+(?:[-+=•]|\d{1,9}[.)])/m

function plainOnce(text: string, tree: Tree, base: string | null, pictures: Picture[]): string {
  const references = findReferences({ text, base }, tree.topNode)
  const page: Page = { text, base, edits: [], pictures, references, indents: [], anchors: [] }
  tree.iterate({
    enter: (node) => plain(page, node),
    leave({ name }) {
      if (name === 'ListItem') page.indents.pop()
    },
  })
  plainReferences(page)
  plainOpenAnchors(page)
  return edited(text, page.edits)
}

/** With `MARKDOWN=keep`: only pictures are taken out, and links lead to where they should. */
export function keptText(given: string, base: string | null): Plain {
  const text = withoutStandIns(given).trim()
  const pictures: Picture[] = []
  const tree = /[[<]/.test(text) ? parseMarkdown(text, newBudget()) : null
  if (tree === null) return { text, pictures }
  const references = findReferences({ text, base }, tree.topNode)
  const page: Page = { text, base, edits: [], pictures, references, indents: [], anchors: [] }
  tree.iterate({
    enter(node) {
      if (node.name === 'Image') return takePicture(page, node.node)
      if (node.name === 'Link') completeTarget(page, node.node)
      return true
    },
  })
  return { text: settlePictures(edited(text, page.edits), pictures), pictures }
}

/** False where what is inside needs no further look. */
function plain(page: Page, node: SyntaxNodeRef): boolean {
  const { text, edits } = page
  const { name, from, to } = node
  switch (name) {
    case 'ATXHeading1':
    case 'ATXHeading2':
    case 'ATXHeading3':
    case 'ATXHeading4':
    case 'ATXHeading5':
    case 'ATXHeading6':
    case 'SetextHeading1':
    case 'SetextHeading2':
      plainHeading(page, node.node)
      return true
    case 'QuoteMark':
      plainQuoteMark(page, node)
      return true
    case 'HorizontalRule':
      dropLines(page, node)
      return true
    case 'ListMark':
      plainListMark(page, node)
      return true
    case 'FencedCode':
      plainFence(page, node.node)
      return true
    case 'InlineCode':
      plainInlineCode(page, node.node)
      return false
    case 'Table':
      plainTable(page, node.node)
      return true
    case 'Emphasis':
      withoutPair(page, node, 1)
      return true
    case 'StrongEmphasis':
    case 'Strikethrough':
      withoutPair(page, node, 2)
      return true
    case 'Escape':
      edits.push({ from, to, insert: literal(text.slice(from + 1, to)) })
      return true
    case 'Entity':
      edits.push({ from, to, insert: literal(withoutEntities(textOf(page, node))) })
      return true
    case 'HardBreak':
      if (text[from] === '\\') edits.push({ from, to: from + 1, insert: '' })
      return true
    case 'Link':
      return plainLink(page, node.node)
    case 'Image':
      return takePicture(page, node.node)
    case 'Autolink':
      plainAutolink(page, node)
      return true
    case 'HTMLTag':
    case 'HTMLBlock':
      plainTags(page, from, to, isInRow(node.node))
      return true
    case 'Comment':
      edits.push({ from, to, insert: '' })
      return true
    case 'CommentBlock':
      dropLines(page, node)
      return true
    default:
      return true
  }
}

/** Takes the marks around a node away, by their size: looking the marks up in the tree takes longer than all the rest. */
function withoutPair({ text, edits }: Page, { from, to }: SyntaxNodeRef, size: number): void {
  if (isSign(text, from, to, size)) return
  edits.push({ from, to: from + size, insert: '' }, { from: to - size, to, insert: '' })
}

/** `10*20*30` is a sum, and behind a price a star leads to what stands below it. */
function isSign(text: string, from: number, to: number, size: number): boolean {
  if (text[from] !== '*') return false
  const isBetweenDigits = (at: number): boolean =>
    /\p{Nd}$/u.test(text.slice(Math.max(0, at - 2), at)) && /^\p{Nd}/u.test(text.slice(at + size, at + size + 2))
  const isAtPrice = size === 1 && /[\p{Nd}\p{Sc}%]$/u.test(text.slice(Math.max(0, from - 2), from))
  const isAlone = /[),.;:]/.test(text[from + size]!)
  return isAtPrice || isAlone || isBetweenDigits(from) || isBetweenDigits(to - size)
}
