import type { Message } from '../../conversation/message.js'
import type { HistoryPage } from '../../engine/ports.js'
import { decodeMessage } from './codec.js'
import type { Commands } from './commands.js'

/**
 * A conversation's messages stand in a list whose last element is always the newest, `seq` counting without gaps: a
 * message is found from the end by how far its `seq` is from the newest one.
 */

const STEP = 100

export async function historyPage(
  commands: Commands,
  key: string,
  newest: number,
  page: HistoryPage,
  oldestAt: number,
): Promise<readonly Message[]> {
  const { before, after, limit } = page
  const lowest = after === null ? 1 : after + 1
  const highest = before === null ? newest : Math.min(newest, before - 1)
  const from = after === null ? Math.max(lowest, highest - limit + 1) : lowest
  const to = after === null ? highest : Math.min(highest, lowest + limit - 1)
  if (from > to) return []
  // What was trimmed stands before the list's beginning: asked for from the end, Redis leaves it out.
  const texts = await commands.range(key, from - newest - 1, to - newest - 1)
  return texts
    .map(decodeMessage)
    .filter((message) => message.arrivedAt >= oldestAt && message.seq >= from && message.seq <= to)
}

/** The newest message that fits. */
export async function findMessage(
  commands: Commands,
  key: string,
  fits: (message: Message) => boolean,
): Promise<Message | null> {
  for (let end = -1; ; end -= STEP) {
    const texts = await commands.range(key, end - STEP + 1, end)
    for (let i = texts.length - 1; i >= 0; i--) {
      const message = decodeMessage(texts[i]!)
      if (fits(message)) return message
    }
    if (texts.length < STEP) return null
  }
}
