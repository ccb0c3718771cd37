import type { ConversationId } from '../ids.js'
import type { Conversation } from './state.js'

/**
 * The same state with its properties in the order of `newConversation`. Every spread (`{ ...state }`) in the code makes
 * objects of a hidden class of its own; once a place has met more than four, it copies states property by property, which
 * was a third of what `decide` costs. States in the store are therefore of one class.
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
    intro: state.intro,
    outbox: state.outbox,
    profile: state.profile,
  }
}
