import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common'
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
import { plainItem } from './lists.js'
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
  for (let pass = 0; pass < MOST_PASSES && MAY_HOLD_MARKS.test(text); pass += 1) {
    const tree = parseMarkdown(text, budget)
    const next = tree === null ? text : settlePictures(plainOnce(text, tree, base, pictures), pictures)
    if (next === text) break
    text = next
  }
  return { text: withSigns(text), pictures }
}

const MOST_PASSES = 6
const MAY_HOLD_MARKS = /[*_`<>[\]\\&~#|]|^[ \t]*[-+=]|^[ \t]*\d{1,9}[.)][ \t]/m

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
    case 'ListItem':
      plainItem(page, node.node)
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
    case 'EmphasisMark':
    case 'StrikethroughMark':
      if (!isSign(text, node.node.parent!)) edits.push({ from, to, insert: '' })
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

/** `10*20*30` is a sum, and behind a price a star leads to what stands below it. */
function isSign(text: string, { from, to, firstChild }: SyntaxNode): boolean {
  const mark = text.slice(from, firstChild!.to)
  if (!mark.startsWith('*')) return false
  const isBetweenDigits = (at: number): boolean =>
    /\p{Nd}$/u.test(text.slice(Math.max(0, at - 2), at)) &&
    /^\p{Nd}/u.test(text.slice(at + mark.length, at + mark.length + 2))
  const isAtPrice = mark === '*' && /[\p{Nd}\p{Sc}%]$/u.test(text.slice(Math.max(0, from - 2), from))
  const isAlone = /[),.;:]/.test(text[firstChild!.to]!)
  return isAtPrice || isAlone || isBetweenDigits(from) || isBetweenDigits(to - mark.length)
}
