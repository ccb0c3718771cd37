import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { ReceivedItem } from './answer.js'
import type { Item } from './item.js'

/**
 * What a webhook's item came to, in one line. The wording is that of the earlier systems, which operators search for;
 * what it says stands beside it in fields. Nothing that anybody wrote is in it.
 */
export function wording(item: Item, channel: Channel, id: ConversationId, received: ReceivedItem): string {
  const { outcome, reason, evidence, author, message } = received.verdict
  if (reason === 'own_message' || outcome === 'duplicate') return '⚠️ DUPLICATE DETECTED - BLOCKING'
  if (reason === 'share_held') return '⏳ Instagram share detected - waiting for follow-up question'
  if (item.event?.is === 'message' && message !== null && message.shareSeq > 0)
    return '✅ Combined share + question for AI processing'
  if (item.name !== 'echo') return `${item.name} recorded`
  if (channel.platform !== 'instagram') return `echo recorded, written by: ${author}`
  const flagged = evidence === 'flag' || evidence === 'flag_tail'
  const check = `📱 Instagram echo message - checking bot flag · 🔍 Bot flag CHECK for conversation ${id}: ${flagged}`
  return author === 'human' ? `${check} · 👤 Instagram human agent message detected (no bot flag)` : check
}
