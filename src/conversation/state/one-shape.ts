import type { ConversationId } from '../ids.js'
import type { Conversation } from './state.js'

/**
 * The same state with its properties in the order of `newConversation`. Each spread (`{ ...state }`) in the code makes
 * objects of another hidden class, and code that meets more than four classes copies states property by property, which
 * was a third of the cost of `decide`. So all stored states get the same class here.
 */
export function inOneShape(state: Conversation, id: ConversationId = state.id): Conversation {
  return {
    id,
    createdAt: state.createdAt,
    lastMessageAt: state.lastMessageAt,
    seq: state.seq,
    closedAt: state.closedAt,
    resumedAt: state.resumedAt,
    promptAt: state.promptAt,
    customerAt: state.customerAt,
    windowUntil: state.windowUntil,
    causes: state.causes,
    flags: state.flags,
    spoken: state.spoken,
    flagUses: state.flagUses,
    sent: state.sent,
    unclaimed: state.unclaimed,
    waiting: state.waiting,
    setAside: state.setAside,
    asked: state.asked,
    asking: state.asking,
    early: state.early,
    intro: state.intro,
    outbox: state.outbox,
    profile: state.profile,
  }
}
