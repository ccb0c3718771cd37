import type { Platform } from '../channel.js'
import { graphemesOf } from './graphemes.js'

/**
 * Splits a text into parts within the platform's limit, with the spaces at their ends removed. Empty for a blank
 * text.
 */
export function splitText(text: string, platform: Platform): readonly string[] {
  const whole = text.trim()
  if (whole === '') return []
  const size = SIZES[platform]
  if (whole.length * size.most <= size.limit || windowEnd(whole, 0, size) === whole.length) return [whole]
  return split(whole, size)
}

interface Size {
  readonly limit: number
  /** The most that one code unit can count: most texts are known to fit without counting. */
  readonly most: number
  readonly of: (codePoint: number) => number
}

const SIZES: Readonly<Record<Platform, Size>> = {
  // Meta's limit is in "characters": UTF-16 code units are the strictest reading.
  facebook: { limit: 2_000, most: 1, of: (codePoint) => (codePoint > 0xffff ? 2 : 1) },
  // Bytes of UTF-8; a lone surrogate is sent as the three bytes of U+FFFD.
  instagram: {
    limit: 1_000,
    most: 3,
    of: (codePoint) => (codePoint > 0xffff ? 4 : codePoint > 0x7ff ? 3 : codePoint > 0x7f ? 2 : 1),
  },
}

/** A position at which a part may end. */
interface Break {
  readonly at: number
  readonly rank: number
}

/** Lower ranks are better positions to end a part. */
const PARAGRAPH = 0
const LINE = 1
const SENTENCE = 2
const BLANK = 3

const NOT_BLANK = /\S/g

function split(text: string, size: Size): readonly string[] {
  const breaks = breaksIn(text)
  const parts: string[] = []
  let start = 0
  for (;;) {
    const end = windowEnd(text, start, size)
    if (end === text.length) break
    const cut = bestBreak(breaks, start, end) ?? cutBetweenGraphemes(text, start, end)
    parts.push(text.slice(start, cut).trimEnd())
    NOT_BLANK.lastIndex = cut
    NOT_BLANK.test(text)
    start = NOT_BLANK.lastIndex - 1
  }
  parts.push(text.slice(start))
  return parts
}

/** Where the grapheme begins that does not fit; one that is longer than the limit is cut. */
function cutBetweenGraphemes(text: string, start: number, end: number): number {
  // The segmenter looks back as far as it is given text. Whether a grapheme goes on at the end is told by the next character.
  const { index } = graphemesOf(text.slice(start, end + 2)).containing(end - start)!
  return index > 0 ? start + index : end
}

function windowEnd(text: string, start: number, size: Size): number {
  let left = size.limit
  let at = start
  while (at < text.length) {
    const codePoint = text.codePointAt(at)!
    left -= size.of(codePoint)
    if (left < 0) return at
    at += codePoint > 0xffff ? 2 : 1
  }
  return at
}

/** What belongs to the character before it. */
const JOINS_BACK = /^(?:[\p{Grapheme_Extend}\p{M}\p{Emoji_Modifier}\u0e33\u0eb3]|\u200d)/u
/** Whitespace, and the ends of sentences in scripts without spaces. Linear time: no backtracking. */
const BREAKS = /[。！？]+[」』）】”’]*\s*|\s+/gu
const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/g
const SENTENCE_END = /[.!?…؟۔]['")\]”’»]{0,2}$/

function breaksIn(text: string): readonly Break[] {
  const breaks: Break[] = []
  for (const match of text.matchAll(BREAKS)) {
    const found = match[0]
    const at = match.index + found.trimEnd().length
    if (!JOINS_BACK.test(text.slice(at, at + 2))) breaks.push({ at, rank: rankOf(text, at, found) })
  }
  return breaks
}

function rankOf(text: string, at: number, found: string): number {
  const lineEnds = found === ' ' ? 0 : (found.match(LINE_ENDS)?.length ?? 0)
  if (lineEnds > 0) return lineEnds > 1 ? PARAGRAPH : LINE
  return found.trimEnd() !== '' || SENTENCE_END.test(text.slice(Math.max(0, at - 3), at)) ? SENTENCE : BLANK
}

/**
 * The best break in the last half of the window, the last one of its rank; else the last one before it: a small part
 * is better than a split word. Null when there is none.
 */
function bestBreak(breaks: readonly Break[], start: number, end: number): number | null {
  const half = start + (end - start) / 2
  let best: Break | null = null
  for (let index = lastUpTo(breaks, end); index >= 0; index -= 1) {
    const each = breaks[index]!
    if (each.at <= start || (best !== null && each.at < half)) break
    if (best === null || each.rank < best.rank) best = each
  }
  return best?.at ?? null
}

function lastUpTo(breaks: readonly Break[], end: number): number {
  let low = 0
  let high = breaks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (breaks[middle]!.at <= end) low = middle + 1
    else high = middle
  }
  return low - 1
}
