import type { Count } from '../conversation/counts.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Log } from './ports.js'

/**
 * Logs the end of each bot flag with the wording that operators of the earlier systems search for: one CLEARED line
 * for each SET line. Also logs echoes that a flag had wrongly attributed to the bot.
 */
export function createTellFlagEnds(log: Log): (id: ConversationId, counts: readonly Count[]) => void {
  return (id, counts) => {
    for (const count of counts) {
      if (count.is === 'flags' && count.what !== 'set') {
        const facts = { conversation_id: id, why: count.what }
        for (let i = 0; i < count.many; i += 1) log.info(facts, `🗑️ Bot flag CLEARED for conversation: ${id}`)
      }
      if (count.is === 'displaced') {
        const facts = { conversation_id: id, author: 'human', evidence: 'displaced', messages: count.many }
        log.info(facts, '👤 Instagram human agent message detected (its bot flag was meant for another message)')
      }
    }
  }
}
