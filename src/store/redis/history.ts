import type { Message } from '../../conversation/state/message.js'
import type { HistoryPage } from '../../engine/ports.js'
import { decodeMessage } from '../rows/message-row.js'
import type { Commands } from './commands.js'

/** Reads a conversation's messages from the list that commits append to. */

const STEP = 100

export async function historyPage(
  commands: Commands,
  key: string,
  page: Omit<HistoryPage, 'historyTtlMs'>,
  since: number,
): Promise<readonly Message[]> {
  const texts = await commands.page(key, [page.before ?? '', page.after ?? '', page.limit, since])
  return texts.map(decodeMessage)
}

/** The newest message that matches. */
export async function findMessage(
  commands: Commands,
  key: string,
  fits: (message: Message) => boolean,
): Promise<Message | null> {
  let texts: readonly string[]
  let end = -1
  do {
    texts = await commands.range(key, end - STEP + 1, end)
    for (let i = texts.length - 1; i >= 0; i--) {
      const message = decodeMessage(texts[i]!)
      if (fits(message)) return message
    }
    end -= STEP
  } while (texts.length === STEP)
  return null
}
