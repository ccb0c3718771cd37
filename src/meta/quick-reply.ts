/** A choice below a message, as Meta takes it; the customer's tap comes back as a text with this payload. */
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

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Never within what is read as one character, unless that alone is too long. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const { index } = GRAPHEMES.segment(text).containing(most)!
  return text.slice(0, index || most).toWellFormed()
}
