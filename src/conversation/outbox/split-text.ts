import type { Platform } from '../channel.js'

/**
 * A text in as many parts as the platform needs, each within its limit, blanks at their ends left out. None for a blank
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
  /** What one code unit counts at the most: most texts are then known to fit without counting. */
  readonly most: number
  readonly of: (codePoint: number) => number
}

const SIZES: Readonly<Record<Platform, Size>> = {
  // Meta says characters: UTF-16 code units are the strictest reading.
  facebook: { limit: 2_000, most: 1, of: (codePoint) => (codePoint > 0xffff ? 2 : 1) },
  // Bytes of UTF-8; a lone surrogate is sent as the three bytes of U+FFFD.
  instagram: {
    limit: 1_000,
    most: 3,
    of: (codePoint) => (codePoint > 0xffff ? 4 : codePoint > 0x7ff ? 3 : codePoint > 0x7f ? 2 : 1),
  },
}

/** A place where a part may end. */
interface Break {
  readonly at: number
  readonly rank: number
}

/** The lower, the better to end a part there. */
const PARAGRAPH = 0
const LINE = 1
const SENTENCE = 2
const BLANK = 3

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' })
const NOT_BLANK = /\S/g

function split(text: string, size: Size): readonly string[] {
  const breaks = breaksIn(text)
  const graphemes = GRAPHEMES.segment(text)
  const graphemeAt = (index: number): number => graphemes.containing(index)!.index
  const parts: string[] = []
  let start = 0
  for (;;) {
    const end = windowEnd(text, start, size)
    if (end === text.length) break
    const grapheme = graphemeAt(end)
    // A grapheme over the limit has to be cut somewhere.
    const cut = bestBreak(breaks, start, end, graphemeAt) ?? (grapheme > start ? grapheme : end)
    parts.push(text.slice(start, cut).trimEnd())
    NOT_BLANK.lastIndex = cut
    NOT_BLANK.test(text)
    start = NOT_BLANK.lastIndex - 1
  }
  parts.push(text.slice(start))
  return parts
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

/** Blanks, and the ends of sentences that are written without any. Never backs up, whatever the text. */
const BREAKS = /[。！？]+[」』）】”’]*\s*|\s+/gu
const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/g
const SENTENCE_END = /[.!?…؟۔]['")\]”’»]{0,2}$/

function breaksIn(text: string): readonly Break[] {
  const breaks: Break[] = []
  for (const match of text.matchAll(BREAKS)) {
    const found = match[0]
    const at = match.index + found.trimEnd().length
    breaks.push({ at, rank: rankOf(text, at, found) })
  }
  return breaks
}

function rankOf(text: string, at: number, found: string): number {
  const lineEnds = found === ' ' ? 0 : (found.match(LINE_ENDS)?.length ?? 0)
  if (lineEnds > 0) return lineEnds > 1 ? PARAGRAPH : LINE
  return found.trimEnd() !== '' || SENTENCE_END.test(text.slice(Math.max(0, at - 3), at)) ? SENTENCE : BLANK
}

/**
 * The best break in the last half of the window, and there the last one of its kind; else the last one before: rather a
 * small part than a word in two. Null where there is none.
 */
function bestBreak(
  breaks: readonly Break[],
  start: number,
  end: number,
  graphemeAt: (index: number) => number,
): number | null {
  const half = start + (end - start) / 2
  let best: Break | null = null
  for (let index = lastUpTo(breaks, end); index >= 0; index -= 1) {
    const each = breaks[index]!
    if (each.at <= start || (best !== null && each.at < half)) break
    // A mark may belong to what stands before the break.
    if ((best === null || each.rank < best.rank) && graphemeAt(each.at) === each.at) best = each
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
