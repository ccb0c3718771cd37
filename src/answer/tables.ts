import type { SyntaxNode } from '@lezer/common'
import { lineStart, type Page } from './page.js'

const BETWEEN = ' | '

/** A line for each row, its cells side by side, without the rule below the first. */
export function plainTable(page: Page, table: SyntaxNode): void {
  for (let child = table.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === 'TableDelimiter') dropRule(page, table, child)
    else if (child.name !== 'TableHeader' || hasCells(child)) plainRow(page, child)
  }
}

function hasCells(row: SyntaxNode): boolean {
  return row.getChild('TableCell') !== null
}

/** A head without a word goes with the rule below it. */
function dropRule({ text, edits }: Page, table: SyntaxNode, rule: SyntaxNode): void {
  const isBelowWords = hasCells(table.firstChild!)
  if (isBelowWords) edits.push({ from: lineStart(text, rule.from) - 1, to: rule.to, insert: '' })
  else edits.push({ from: table.from, to: Math.min(rule.to + 1, text.length), insert: '' })
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
