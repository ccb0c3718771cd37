import type { Attachment } from '../state/message.js'

/** What is said to a customer, ready for any platform: texts and attachments in the order in which they are read. */
export interface Answer {
  readonly pieces: readonly Piece[]
  /** Offered below the last text, in whole; what of them Meta takes is decided where the request is made. */
  readonly quickReplies: readonly string[]
}

export type Piece =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'attachment'; readonly attachment: Attachment }

export const NO_QUICK_REPLIES: readonly string[] = Object.freeze([])
/** Meta takes no more than these. */
export const MOST_QUICK_REPLIES = 13

/** A text as it stands. */
export function textAnswer(text: string): Answer {
  return { pieces: [{ is: 'text', text }], quickReplies: NO_QUICK_REPLIES }
}

export function attachmentAnswer(attachment: Attachment): Answer {
  return { pieces: [{ is: 'attachment', attachment }], quickReplies: NO_QUICK_REPLIES }
}
