import type { ConversationId } from '../../conversation/ids.js'
import type { Message } from '../../conversation/state/message.js'
import { NONE } from '../../conversation/state/none.js'
import type { Conversation } from '../../conversation/state/state.js'
import type { HistoryPage } from '../../engine/ports.js'
import { decodeMessage } from '../rows/message-row.js'
import { decodeState } from '../rows/state-row.js'
import type { Commands } from './commands.js'
import type { Keys } from './keys.js'
import { VERSION_WIDTH, WITHOUT_WORDS } from './scripts.js'

/**
 * Reads a conversation's messages from the list that commits append to. The words of one that waits for its answer are
 * in the state alone.
 */

interface Parts {
  readonly commands: Pick<Commands, 'page'>
  readonly keys: Pick<Keys, 'history' | 'conversation'>
}

const STEP = 100

export async function historyPage(
  { commands, keys }: Parts,
  id: ConversationId,
  page: Omit<HistoryPage, 'historyTtlMs'>,
  since: number,
): Promise<readonly Message[]> {
  const { before, after, limit } = page
  const args = [before ?? '', after ?? '', limit, since] as const
  const [value, ...texts] = await commands.page([keys.history(id), keys.conversation(id)], args)
  const waiting = value === '' ? NONE : toBeAnswered(decodeState(id, value.slice(VERSION_WIDTH)))
  return texts.map((text) => {
    const message = decodeMessage(text)
    const whole = text.endsWith(WITHOUT_WORDS) ? waiting.find(({ seq }) => seq === message.seq) : undefined
    return whole ?? message
  })
}

/** The messages whose words may be in the state alone: those that wait, or did until they were asked. */
function toBeAnswered({ waiting, asking: { run } }: Conversation): readonly Message[] {
  return run === null ? waiting : [...run.messages, ...waiting]
}

/** The newest message that matches. */
export async function findMessage(
  parts: Parts,
  id: ConversationId,
  fits: (message: Message) => boolean,
): Promise<Message | null> {
  let before: number | null = null
  for (;;) {
    const page: readonly Message[] = await historyPage(parts, id, { before, after: null, limit: STEP }, 0)
    const found = page.findLast(fits)
    if (found !== undefined) return found
    if (page.length < STEP) return null
    before = page[0]!.seq
  }
}
