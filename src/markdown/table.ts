import { hasBar } from './block-signs.js'
import { type Codes, endOfLine, pastRun } from './codes.js'
import type { InlineReader } from './inline.js'
import type { Line } from './line.js'
import type { Row, Span } from './mark.js'
import { BACKSLASH, BAR, BLANK, COLON, DASH, GREATER, isSpace, NEWLINE, RETURN, TAB } from './signs.js'

/** GitHub's tables. */

/** Whether the rule below a table's head stands here, with as many cells as the head has. */
export function isRuleBelow(codes: Codes, head: Span, rule: Span): boolean {
  return isRule(codes, rule) && countCells(codes, head) === countCells(codes, rule)
}

/** Cells of dashes, each with a bar behind it but the last, which need not have one. */
function isRule(codes: Codes, { from, to }: Span): boolean {
  let at = codes[from] === BAR ? from + 1 : from
  let bars = 0
  for (let end = pastDashes(codes, at, to); end > 0; end = pastDashes(codes, at, to)) {
    at = pastIndent(codes, end, to)
    if (at === to || codes[at] !== BAR) break
    bars += 1
    at += 1
  }
  at = pastIndent(codes, at, to)
  return bars > 0 && (at === to || codes[at] === RETURN)
}

/** Past the `:---:` of one cell, -1 where there is none. */
function pastDashes(codes: Codes, from: number, to: number): number {
  let at = pastIndent(codes, from, to)
  if (codes[at] === COLON) at += 1
  const end = pastRun(codes, at, DASH, to)
  if (end === at) return -1
  return end < to && codes[end] === COLON ? end + 1 : end
}

function pastIndent(codes: Codes, from: number, to: number): number {
  let at = from
  while (at < to && (codes[at] === BLANK || codes[at] === TAB)) at += 1
  return at
}

/** Whether a table begins with this line, as the next one tells. */
export function beginsTable({ codes, base, end }: Line): boolean {
  if (end >= codes.length - 1) return false
  let from = end + 1
  while (codes[from] === GREATER || (isSpace(codes[from]!) && codes[from] !== NEWLINE)) from += 1
  if (!mayBeginRule(codes[from]!) || !hasBar(codes, base, end)) return false
  return isRuleBelow(codes, { from: base, to: end }, { from, to: endOfLine(codes, from) })
}

function mayBeginRule(code: number): boolean {
  return code === BAR || code === DASH || code === COLON
}

export function readRow(codes: Codes, { from, to }: Span, inline: InlineReader): Row {
  const bars: number[] = []
  let hasWords = false
  readCells(codes, from, to, bars, (start, end) => {
    hasWords = true
    inline.read(start, end)
  })
  return { from, to, bars, hasWords }
}

function countCells(codes: Codes, { from, to }: Span): number {
  return readCells(codes, from, to, [], () => {})
}

/** How many cells a row has; an empty one counts and is not given to `onCell`. */
function readCells(
  codes: Codes,
  from: number,
  to: number,
  bars: number[],
  onCell: (from: number, to: number) => void,
): number {
  let count = 0
  let start = -1
  let end = -1
  for (let at = from; at < to; at += 1) {
    const code = codes[at]!
    if (code === BAR) {
      if (bars.length > 0 || start >= 0) count += 1
      if (start >= 0) onCell(start, end)
      bars.push(at)
      start = -1
    } else if (code !== BLANK && code !== TAB) {
      if (start < 0) start = at
      if (code === BACKSLASH && at + 1 < to) at += 1
      end = at + 1
    }
  }
  if (start < 0) return count
  onCell(start, end)
  return count + 1
}
