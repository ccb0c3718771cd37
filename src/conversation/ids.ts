/** A conversation is one customer on one page: `{pageID}-{userID}`. Ids exceed 2^53, so they are never numbers. */

declare const brand: unique symbol
export type ConversationId = string & { readonly [brand]: 'ConversationId' }

const ACCOUNT = /^\d{1,32}$/
const CONVERSATION = /^\d{1,32}-\d{1,32}$/

export function isAccountId(text: string): boolean {
  return ACCOUNT.test(text)
}

export function parseConversationId(text: string): ConversationId | null {
  return CONVERSATION.test(text) ? (text as ConversationId) : null
}

/** The ids must have passed `isAccountId`. */
export function conversationIdOf(pageId: string, userId: string): ConversationId {
  return `${pageId}-${userId}` as ConversationId
}

export function pageOf(id: ConversationId): string {
  return id.slice(0, id.indexOf('-'))
}

export function userOf(id: ConversationId): string {
  return id.slice(id.indexOf('-') + 1)
}
