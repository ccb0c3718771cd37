import { graphemesOf } from '../conversation/text/graphemes.js'

/** A quick reply in Meta's form; the customer's tap arrives as a text with this payload. */
export interface QuickReply {
  readonly content_type: 'text'
  readonly title: string
  readonly payload: string
}

const MOST_TITLE = 20
const MOST_PAYLOAD = 1_000

export function quickReply(text: string): QuickReply {
  return { content_type: 'text', title: cut(text, MOST_TITLE), payload: cut(text, MOST_PAYLOAD) }
}

/** Does not cut within a grapheme, unless one alone is too long. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const { index } = graphemesOf(text).containing(most)!
  return text.slice(0, index || most).toWellFormed()
}
