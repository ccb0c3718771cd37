// Made at its first use: the tables that it loads take ten milliseconds, and few texts are long enough to be cut.
let segmenter: Intl.Segmenter | null = null

/** A text as the characters that a reader sees, so that none is cut in two. */
export function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  return segmenter.segment(text)
}
