import type { Answer, Piece } from '../conversation/answer/answer.js'
import { withoutReasoning } from '../conversation/answer/reasoning.js'
import type { Channel } from '../conversation/channel.js'
import type { Attachment } from '../conversation/state/message.js'
import type { Said, SaidFile } from '../engine/providers.js'
import { completeFile, completeLink, fileKey } from './address.js'
import { MOST_PICTURES } from './links.js'
import { placePictures } from './pictures.js'
import { keptText, plainText } from './plain-text.js'

/** What Dify said, made fit for the customer: without its reasoning and its marks, pictures and files to be sent as such. */
export function answerOf(said: Said, { markdown, base }: Fit): Answer {
  const text = withoutReasoning(said.text)
  const pieces = placePictures(markdown === 'plain' ? plainText(text, base) : keptText(text, base))
  return { pieces: [...pieces, ...filePieces(said.files, pieces, base)], quickReplies: said.quickReplies }
}

export interface Fit {
  readonly markdown: 'plain' | 'keep'
  /** The address of the Dify that said it, null where there is none. */
  readonly base: string | null
}

/** For a channel's answers, and for the texts of its settings. */
export function readAnswer(said: Said, { assistant, policy }: Channel): Answer {
  return answerOf(said, { markdown: policy.markdown, base: assistant?.url ?? null })
}

/** Files beside the text stand behind it. The same one is often named twice: in the text, in an event, at the end. */
function filePieces(files: readonly SaidFile[], pieces: readonly Piece[], base: string | null): readonly Piece[] {
  const shown = pieces.flatMap((piece) => (piece.is === 'attachment' ? [piece.attachment.url!] : []))
  const keys = new Set(shown.map(fileKey))
  const attachments: Piece[] = []
  const links: string[] = []
  for (const { kind, url, name } of files) {
    const address = completeFile(url, base)
    if (address === null || keys.has(fileKey(address))) continue
    keys.add(fileKey(address))
    if (keys.size > MOST_PICTURES) links.push(completeLink(url, base))
    else attachments.push({ is: 'attachment', attachment: { kind, url: address, title: name } satisfies Attachment })
  }
  return links.length === 0 ? attachments : [...attachments, { is: 'text', text: links.join('\n') }]
}
