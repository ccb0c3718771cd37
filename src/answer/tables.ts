import type { SyntaxNode } from '@lezer/common'
import { lineStart, type Page } from './page.js'

const BETWEEN = ' | '

/** A line for each row, its cells side by side, without the rule below the first. */
export function plainTable(page: Page, table: SyntaxNode): void {
  for (let child = table.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === 'TableDelimiter') dropLine(page, child, -1)
    else if (child.name === 'TableHeader' && child.getChild('TableCell') === null) dropLine(page, child, 1)
    else if (/^Table(?:Header|Row)$/.test(child.name)) plainRow(page, child)
  }
}

/** With the line's end before it, or the one behind it. */
function dropLine({ text, edits }: Page, { from, to }: SyntaxNode, side: -1 | 1): void {
  const start = lineStart(text, from)
  edits.push(side < 0 ? { from: start - 1, to, insert: '' } : { from: start, to: to + 1, insert: '' })
}

function plainRow({ text, edits }: Page, row: SyntaxNode): void {
  let at = row.from
  for (const { from, to } of row.getChildren('TableDelimiter')) {
    const before = text.slice(at, from).trimEnd()
    const behind = text.slice(to, row.to)
    const start = at + before.length
    const isAtEdge = start === row.from || behind.trim() === ''
    at = row.to - behind.trimStart().length
    edits.push({ from: start, to: at, insert: isAtEdge ? '' : BETWEEN })
  }
}
