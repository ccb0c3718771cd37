import type { Platform } from '../channel.js'
import { splitText } from '../outbox/split-text.js'
import { type Attachment, type MessageKind, NO_ATTACHMENTS } from '../state/message.js'
import { type Answer, NO_QUICK_REPLIES } from './answer.js'

/** What one request sends: a text within the platform's limit, or one attachment. */
export interface PartContent {
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly quickReplies: readonly string[]
}

/**
 * The parts in which an answer leaves, each of them one message to the customer and one echo. None for an answer that
 * shows nothing. Whoever has to know what an answer will look like asks this, and nothing else.
 */
export function partsOf(answer: Answer, platform: Platform): readonly PartContent[] {
  const parts = answer.pieces.flatMap((piece): readonly PartContent[] =>
    piece.is === 'text' ? splitText(piece.text, platform).map(textPart) : [attachmentPart(piece.attachment)],
  )
  const { quickReplies } = answer
  const last = quickReplies.length === 0 ? -1 : parts.findLastIndex(({ text }) => text !== null)
  return last < 0 ? parts : parts.with(last, { ...parts[last]!, quickReplies })
}

/** An answer of nothing visible as it stands, for whoever has to say something all the same. */
export function unsplit({ pieces }: Answer): readonly PartContent[] {
  return pieces.map((piece) => (piece.is === 'text' ? textPart(piece.text) : attachmentPart(piece.attachment)))
}

/** A part in a form that Meta takes for certain, once it has refused this one; null where there is none. */
export function plainerPart(part: PartContent, platform: Platform): PartContent | null {
  if (part.quickReplies.length > 0) return { ...part, quickReplies: NO_QUICK_REPLIES }
  const url = part.text === null ? (part.attachments[0]?.url ?? null) : null
  // An address in two messages leads nowhere.
  return url !== null && splitText(url, platform).length === 1 ? textPart(url) : null
}

function textPart(text: string): PartContent {
  return { kind: 'text', text, attachments: NO_ATTACHMENTS, quickReplies: NO_QUICK_REPLIES }
}

function attachmentPart(attachment: Attachment): PartContent {
  return { kind: attachment.kind, text: null, attachments: [attachment], quickReplies: NO_QUICK_REPLIES }
}
