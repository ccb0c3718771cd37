import type { Codes } from './codes.js'
import { isNumeric } from './entity.js'
import { AMPERSAND, CLOSE_PAREN, HASH, isWord, OPEN_PAREN, SEMICOLON } from './signs.js'

/** Where a bare link ends: without the signs behind it, an entity, and a bracket that does not begin in it. */
export function withoutTail(codes: Codes, from: number, to: number): number {
  let end = to
  let depth: number | null = null
  let cut: number
  do {
    const last = codes[end - 1]!
    cut = last === SEMICOLON ? sizeOfEntity(codes, end) : isOfTail(last) ? 1 : 0
    if (last === CLOSE_PAREN) {
      depth ??= depthOf(codes, from, end)
      cut = depth < 0 ? 1 : 0
      depth += cut
    }
    end -= cut
  } while (cut > 0)
  return end
}

const IS_OF_TAIL = new Uint8Array(128)
for (const sign of '?!.,:*_~') IS_OF_TAIL[sign.charCodeAt(0)] = 1

function isOfTail(code: number): boolean {
  return code < 128 && IS_OF_TAIL[code] === 1
}

function depthOf(codes: Codes, from: number, to: number): number {
  let depth = 0
  for (let at = from; at < to; at += 1) depth += codes[at] === OPEN_PAREN ? 1 : codes[at] === CLOSE_PAREN ? -1 : 0
  return depth
}

/** Of one that ends here, else 0. */
function sizeOfEntity(codes: Codes, end: number): number {
  let start = end - 2
  while (isWord(codes[start]!)) start -= 1
  const code = codes[start]
  if (code === AMPERSAND) return start < end - 2 ? end - start : 0
  const isNumber = code === HASH && codes[start - 1] === AMPERSAND && isNumeric(codes, start + 1, end - 1)
  return isNumber ? end - start + 1 : 0
}
