import type { Attachment } from '../state/message.js'

/** A message to the customer, independent of platform: texts and attachments in reading order. */
export interface Answer {
  readonly pieces: readonly Piece[]
  /** Offered below the last text, uncut; the sender cuts them to Meta's limits. */
  readonly quickReplies: readonly string[]
}

export type Piece =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'attachment'; readonly attachment: Attachment }

export const NO_QUICK_REPLIES: readonly string[] = Object.freeze([])
/** Meta's limit. */
export const MOST_QUICK_REPLIES = 13

/** An answer of one unchanged text. */
export function textAnswer(text: string): Answer {
  return { pieces: [{ is: 'text', text }], quickReplies: NO_QUICK_REPLIES }
}

export function attachmentAnswer(attachment: Attachment): Answer {
  return { pieces: [{ is: 'attachment', attachment }], quickReplies: NO_QUICK_REPLIES }
}
