import { hasBar } from './block-signs.js'
import type { InlineReader } from './inline.js'
import type { Line } from './line.js'
import type { Row, Span } from './mark.js'
import { BACKSLASH, BAR, BLANK, TAB } from './signs.js'

/** GitHub's tables. */

const RULE = /\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*$/my

/** Whether the rule below a table's head stands here, with as many cells as the head has. */
export function isRuleBelow(text: string, head: Span, rule: Span): boolean {
  RULE.lastIndex = rule.from
  return RULE.test(text) && countCells(text, head) === countCells(text, rule)
}

/** Whether a table begins with this line, as the next one tells. */
export function beginsTable({ text, base, end }: Line): boolean {
  if (end >= text.length || !hasBar(text, base, end)) return false
  const nextEnd = text.indexOf('\n', end + 1)
  const to = nextEnd < 0 ? text.length : nextEnd
  let from = end + 1
  while (from < to && /[>\s]/.test(text[from]!)) from += 1
  return isRuleBelow(text, { from: base, to: end }, { from, to })
}

export function readRow(text: string, { from, to }: Span, inline: InlineReader): Row {
  const bars: number[] = []
  let hasWords = false
  readCells(text, from, to, bars, (start, end) => {
    hasWords = true
    inline.read(start, end)
  })
  return { from, to, bars, hasWords }
}

function countCells(text: string, { from, to }: Span): number {
  return readCells(text, from, to, [], () => {})
}

/** How many cells a row has; an empty one counts and is not given to `onCell`. */
function readCells(
  text: string,
  from: number,
  to: number,
  bars: number[],
  onCell: (from: number, to: number) => void,
): number {
  let count = 0
  let start = -1
  let end = -1
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
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
