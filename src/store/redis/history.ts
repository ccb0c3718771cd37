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
  parts: Parts,
  id: ConversationId,
  page: Omit<HistoryPage, 'historyTtlMs'>,
  since: number,
): Promise<readonly Message[]> {
  const { rows, messageOf } = await rowsOf(parts, id, page, since)
  return rows.map(messageOf)
}

interface Rows {
  readonly rows: readonly string[]
  readonly messageOf: (row: string) => Message
}

async function rowsOf(
  { commands, keys }: Parts,
  id: ConversationId,
  { before, after, limit }: Omit<HistoryPage, 'historyTtlMs'>,
  since: number,
): Promise<Rows> {
  const args = [before ?? '', after ?? '', limit, since] as const
  const [value, ...rows] = await commands.page([keys.history(id), keys.conversation(id)], args)
  const waiting = value === '' ? NONE : toBeAnswered(decodeState(id, value.slice(VERSION_WIDTH)))
  return {
    rows,
    messageOf(row) {
      const message = decodeMessage(row)
      const whole = row.endsWith(WITHOUT_WORDS) ? waiting.find(({ seq }) => seq === message.seq) : undefined
      return whole ?? message
    },
  }
}

/** The messages whose words may be in the state alone: those that wait, or did until they were asked. */
function toBeAnswered({ waiting, asking: { run } }: Conversation): readonly Message[] {
  return run === null ? waiting : [...run.messages, ...waiting]
}

/** The newest message that matches. Only rows that hold `part` are decoded: of thousands, one may have the id that is looked for. */
export async function findMessage(
  parts: Parts,
  id: ConversationId,
  fits: (message: Message) => boolean,
  part = '',
): Promise<Message | null> {
  let before: number | null = null
  for (;;) {
    const { rows, messageOf }: Rows = await rowsOf(parts, id, { before, after: null, limit: STEP }, 0)
    for (let i = rows.length - 1; i >= 0; i -= 1) {
      const row = rows[i]!
      if (!row.includes(part) && !row.endsWith(WITHOUT_WORDS)) continue
      const message = messageOf(row)
      if (fits(message)) return message
    }
    if (rows.length < STEP) return null
    before = messageOf(rows[0]!).seq
  }
}
