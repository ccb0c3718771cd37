import type { Channel } from '../conversation/channel.js'
import type { ReadAnswer } from './providers.js'

/** The texts in which a run's words may come back: as it said them, and as the router would have sent them. */
export function spokenTexts(said: readonly string[], readAnswer: ReadAnswer, channel: Channel): readonly string[] {
  const read = (text: string): readonly string[] => {
    try {
      const { pieces } = readAnswer({ text, files: [], quickReplies: [] }, channel)
      return pieces.flatMap((piece) => (piece.is === 'text' ? [piece.text] : []))
    } catch {
      // The run's end says so in the log.
      return []
    }
  }
  return [...new Set(said.flatMap((text) => [text, ...read(text)]))]
}
