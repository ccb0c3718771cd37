import { type Codes, pastRun } from './codes.js'
import type { Line } from './line.js'
import {
  BACKSLASH,
  BAR,
  CLOSE_PAREN,
  DASH,
  DOT,
  EQUALS,
  HASH,
  isBlank,
  isDigit,
  PLUS,
  STAR,
  TICK,
  TILDE,
  UNDERSCORE,
} from './signs.js'

/** What the first characters of a line may begin. Each returns where the sign ends, -1 where there is none. */

/** CommonMark lets tildes follow on the line as well; `~~~~a~~~~ b` rather strikes something out, and the rest is no code. */
export function pastFence({ codes, pos, end, sign }: Line): number {
  if (sign !== TICK && sign !== TILDE) return -1
  const to = pastRun(codes, pos, sign, end)
  if (to < pos + 3) return -1
  for (let i = to; i < end; i += 1) if (codes[i] === sign) return -1
  return to
}

export function isRule({ codes, pos, end, sign }: Line): boolean {
  if (sign !== STAR && sign !== DASH && sign !== UNDERSCORE) return false
  let count = 0
  for (let i = pos; i < end; i += 1) {
    const code = codes[i]!
    if (code === sign) count += 1
    else if (!isBlank(code)) return false
  }
  return count >= 3
}

export function pastBullet(line: Line): number {
  const { pos, end, sign } = line
  if (sign !== DASH && sign !== PLUS && sign !== STAR) return -1
  return pos === end - 1 || line.isBlankAt(pos + 1) ? pos + 1 : -1
}

export function pastNumber(line: Line): number {
  const { codes, pos, end } = line
  let at = pos
  while (at < end && isDigit(codes[at]!)) at += 1
  if (at === pos || at > pos + 9 || at === end) return -1
  const sign = codes[at]!
  if (sign !== DOT && sign !== CLOSE_PAREN) return -1
  return at === end - 1 || line.isBlankAt(at + 1) ? at + 1 : -1
}

export function pastHashes(line: Line): number {
  const { codes, pos, end, sign } = line
  if (sign !== HASH) return -1
  const to = pastRun(codes, pos, HASH, end)
  return to - pos <= 6 && (to === end || line.isBlankAt(to)) ? to : -1
}

/** The line below a heading. */
export function pastUnderline(line: Line): number {
  const { codes, pos, end, sign } = line
  if ((sign !== DASH && sign !== EQUALS) || line.isIndented) return -1
  const to = pastRun(codes, pos, sign, end)
  return line.pastBlanks(to) === end ? to : -1
}

/** Whether a line has a bar that is no mere character. */
export function hasBar(codes: Codes, from: number, end: number): boolean {
  for (let i = from; i < end; i += 1) {
    const code = codes[i]!
    if (code === BAR) return true
    if (code === BACKSLASH) i += 1
  }
  return false
}

/** The column where an item's words begin. */
export function columnOfItem(line: Line, signEnd: number): number {
  const column = line.columnAt(signEnd)
  const words = line.pastBlanks(signEnd)
  const wordsColumn = line.columnAt(words, signEnd, column)
  // Further in, or with nothing behind it, the words begin one blank behind the sign.
  return wordsColumn >= column + 5 || words === line.end ? column + 1 : wordsColumn
}
