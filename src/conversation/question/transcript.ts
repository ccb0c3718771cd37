import type { Message } from '../state/message.js'
import { harmless } from './share-template.js'

/**
 * What customer and person said to each other, oldest first, a line for each message. Too much of it loses its
 * beginning, which is the oldest.
 */
export function transcriptOf(messages: readonly Message[], mostCharacters = 4_000): string {
  const lines: string[] = []
  let left = mostCharacters
  for (const message of messages.toReversed()) {
    const speaker = speakerOf(message)
    if (speaker === null) continue
    const said = saidIn(message)
    const room = left - speaker.length
    if (said.length > room) {
      const end = endOf(said, room - CUT.length)
      if (end !== '') lines.push(speaker + CUT + end)
      break
    }
    lines.push(speaker + said)
    left = room - said.length - '\n'.length
  }
  // All lines at once: a marker must not come in halves either.
  return harmless(lines.reverse().join('\n'))
}

const CUT = '…'

/** Null for what is not part of the talk: what a program said, what was taken back, and what never arrived. */
function speakerOf({ type, status, deletedAt }: Message): string | null {
  if (deletedAt > 0 || status === 'cancelled' || status === 'failed') return null
  if (type === 'customer') return 'Customer: '
  return type === 'support' ? 'Agent: ' : null
}

/** On one line, or it could pretend that somebody else spoke next. */
function saidIn({ text, transcription, kind }: Message): string {
  return (text ?? transcription ?? '').replace(BLANKS, ' ').trim() || `[${kind}]`
}

const BLANKS = /[\s\p{Cc}]+/gu

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** As much of the end as there is room for, in whole graphemes. */
function endOf(text: string, room: number): string {
  if (room <= 0) return ''
  const from = text.length - room
  const { index, segment } = GRAPHEMES.segment(text).containing(from)!
  return text.slice(index === from ? from : index + segment.length).trimStart()
}
