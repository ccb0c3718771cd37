import { type ConversationId, parseConversationId } from '../../conversation/ids.js'
import { RouterError } from '../../engine/ports.js'

/** Parses a conversation's id, from a path, a query or a body. */
export function conversationIdIn(text: string): ConversationId {
  const id = parseConversationId(text)
  if (id === null) throw new RouterError('invalid_conversation_id', 'A conversation id looks like {pageID}-{userID}.')
  return id
}
