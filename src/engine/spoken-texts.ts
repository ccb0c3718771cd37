import type { Channel } from '../conversation/channel.js'
import type { ReadAnswer } from './providers.js'

/**
 * The texts by which an echo of the run's output can be recognised: as streamed, and as the router would have
 * formatted them.
 */
export function spokenTexts(said: readonly string[], readAnswer: ReadAnswer, channel: Channel): readonly string[] {
  const read = (text: string): readonly string[] => {
    try {
      const { pieces } = readAnswer({ text, files: [], quickReplies: [] }, channel)
      return pieces.flatMap((piece) => (piece.is === 'text' ? [piece.text] : []))
    } catch {
      // The end of the run logs the failure.
      return []
    }
  }
  return [...new Set(said.flatMap((text) => [text, ...read(text)]))]
}
