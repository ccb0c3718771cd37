import type { Platform } from '../channel.js'
import { type Attachment, type MessageKind, NO_ATTACHMENTS } from '../state/message.js'
import { splitText } from '../text/split-text.js'
import { type Answer, NO_QUICK_REPLIES } from './answer.js'

/** The content of one send: a text within the platform's limit, or one attachment. */
export interface PartContent {
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly quickReplies: readonly string[]
}

/**
 * Splits an answer into its parts, each of which becomes one message and one echo. Empty for an answer without
 * visible content. The only place that decides how an answer is split.
 */
export function partsOf(answer: Answer, platform: Platform): readonly PartContent[] {
  const parts = answer.pieces.flatMap((piece): readonly PartContent[] =>
    piece.is === 'text' ? splitText(piece.text, platform).map(textPart) : [attachmentPart(piece.attachment)],
  )
  const { quickReplies } = answer
  const last = quickReplies.length === 0 ? -1 : parts.findLastIndex(({ text }) => text !== null)
  return last < 0 ? parts : parts.with(last, { ...parts[last]!, quickReplies })
}

/** The parts of an answer without visible content, for callers that must send something all the same. */
export function unsplit({ pieces }: Answer): readonly PartContent[] {
  return pieces.map((piece) => (piece.is === 'text' ? textPart(piece.text) : attachmentPart(piece.attachment)))
}

/** A simpler form of a refused part that Meta accepts for certain; null when there is none. */
export function plainerPart(part: PartContent, platform: Platform): PartContent | null {
  if (part.quickReplies.length > 0) return { ...part, quickReplies: NO_QUICK_REPLIES }
  const url = part.text === null ? (part.attachments[0]?.url ?? null) : null
  // A URL that has to be split over two messages is useless.
  return url !== null && splitText(url, platform).length === 1 ? textPart(url) : null
}

function textPart(text: string): PartContent {
  return { kind: 'text', text, attachments: NO_ATTACHMENTS, quickReplies: NO_QUICK_REPLIES }
}

function attachmentPart(attachment: Attachment): PartContent {
  return { kind: attachment.kind, text: null, attachments: [attachment], quickReplies: NO_QUICK_REPLIES }
}
