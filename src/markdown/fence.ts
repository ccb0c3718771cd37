import { type Codes, pastRun } from './codes.js'
import type { Containers } from './containers.js'
import type { Fence, Span } from './mark.js'
import { isBlank } from './signs.js'

/** Reads code between fences, up to its last line. */
export function readFence(around: Containers, signEnd: number): Fence {
  const { line } = around
  const { codes, sign, pos: from, end } = line
  const size = signEnd - from
  const info = infoBehind(codes, line.pastBlanks(signEnd), end)
  const code: Span[] = []
  let isFirst = true
  let isEmpty = true
  while (around.nextLine() && around.goOn) {
    const closingEnd = line.isIndented ? line.pos : pastRun(codes, line.pos, sign, line.end)
    if (closingEnd - line.pos >= size && line.pastBlanks(closingEnd) === line.end) {
      // Blank lines are code as well.
      if (isEmpty && !isFirst) addCode(code, line.start - 1, line.start)
      around.nextLine()
      break
    }
    if (!isFirst) {
      addCode(code, line.start - 1, line.start)
      isEmpty = false
    }
    if (line.base < line.end) {
      addCode(code, line.base, line.end)
      isEmpty = false
    }
    isFirst = false
  }
  return { is: 'fence', from, to: around.previousEnd, info, code }
}

function infoBehind(codes: Codes, from: number, end: number): Span | null {
  let to = end
  while (to > from && isBlank(codes[to - 1]!)) to -= 1
  return to > from ? { from, to } : null
}

function addCode(code: Span[], from: number, to: number): void {
  const last = code.at(-1)
  if (last?.to === from) code[code.length - 1] = { from: last.from, to }
  else code.push({ from, to })
}
