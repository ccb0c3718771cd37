import type { Row, Table } from '../markdown/mark.js'
import { lineStart, type Page } from './page.js'

const BETWEEN = ' | '

/** A line for each row, its cells side by side, without the rule below the first. */
export function plainTable(page: Page, { from, parts }: Table): void {
  const { rule } = parts
  const [head, ...rows] = parts.rows
  const { text, edits } = page
  if (head?.hasWords) {
    plainRow(page, head)
    edits.push({ from: lineStart(text, rule.from) - 1, to: rule.to, insert: '' })
  } else {
    // A head without a word goes with the rule below it.
    edits.push({ from, to: Math.min(rule.to + 1, text.length), insert: '' })
  }
  for (const row of rows) plainRow(page, row)
}

function plainRow({ text, edits }: Page, row: Row): void {
  let at = row.from
  for (const bar of row.bars) {
    const before = text.slice(at, bar).trimEnd()
    const behind = text.slice(bar + 1, row.to)
    const start = at + before.length
    const isAtEdge = start === row.from || behind.trim() === ''
    at = row.to - behind.trimStart().length
    edits.push({ from: start, to: at, insert: isAtEdge ? '' : BETWEEN })
  }
}
