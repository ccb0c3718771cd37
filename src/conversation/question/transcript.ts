import type { Message } from '../state/message.js'
import { graphemesOf } from '../text/graphemes.js'
import { asWritten } from './question-text.js'
import { harmless } from './share-template.js'

/**
 * The conversation between customer and person, oldest first, one line per message. Above the limit its oldest part
 * is cut off.
 */
export function transcriptOf(messages: readonly Message[], mostCharacters = 4_000): string {
  const lines: string[] = []
  let left = mostCharacters
  for (const message of asWritten(messages).toReversed()) {
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
  // All lines together: a marker must not come in halves either.
  return harmless(lines.reverse().join('\n'))
}

const CUT = '…'

/** Null for messages left out: those of programs, deleted ones, and those that were not delivered. */
function speakerOf({ type, status, outcome }: Message): string | null {
  if (outcome.deletedAt > 0 || status === 'cancelled' || status === 'failed') return null
  if (type === 'customer') return 'Customer: '
  return type === 'support' ? 'Agent: ' : null
}

/** On one line, or a text could imitate another speaker's line. */
function saidIn({ text, outcome, kind }: Message): string {
  return (text ?? outcome.transcription ?? '').replace(BLANKS, ' ').trim() || `[${kind}]`
}

const BLANKS = /[\s\p{Cc}]+/gu

/** The end of the text that fits, in whole graphemes. */
function endOf(text: string, room: number): string {
  if (room <= 0) return ''
  const from = text.length - room
  const { index, segment } = graphemesOf(text).containing(from)!
  return text.slice(index === from ? from : index + segment.length).trimStart()
}
