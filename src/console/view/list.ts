import type { Conversation, Frame, Message } from './shapes.js'

/** The list of conversations, newest activity first. */
export interface List {
  readonly conversations: readonly Conversation[]
  /** The cursor of the next page; null at the end. */
  readonly next: string | null
}

export interface Filters {
  readonly q: string
  readonly page: string
  readonly only: 'all' | 'paused' | 'on' | 'waiting' | 'dead' | 'closed'
}

export const NO_FILTERS: Filters = { q: '', page: '', only: 'all' }
export const NO_LIST: List = { conversations: [], next: null }

export function queryOf({ q, page, only }: Filters): string {
  const query = new URLSearchParams()
  if (q.trim() !== '') query.set('q', q.trim())
  if (page !== '') query.set('page', page)
  if (only === 'paused' || only === 'on') query.set('bot', only)
  if (only === 'waiting' || only === 'dead') query.set(only, 'true')
  if (only === 'closed') query.set('state', only)
  return query.toString()
}

export function isFiltered(filters: Filters): boolean {
  return queryOf(filters) !== ''
}

/** Merges a newly read first page: conversations that it no longer has are removed, those below it stay. */
export function refreshed(list: List, page: List): List {
  const last = page.conversations.at(-1)
  if (page.next === null || last === undefined) return page
  const fresh = new Set(page.conversations.map(({ id }) => id))
  const below = list.conversations.filter((each) => !fresh.has(each.id) && isOlder(each, last))
  if (below.length === 0) return page
  return { conversations: [...page.conversations, ...below], next: list.next }
}

export function withPage(list: List, page: List): List {
  const known = new Set(list.conversations.map(({ id }) => id))
  return {
    conversations: [...list.conversations, ...page.conversations.filter(({ id }) => !known.has(id))],
    next: page.next,
  }
}

/** Applies live frames to the listed conversations. `strangers`: frames of conversations that are not listed. */
export function withFrames(
  list: List,
  frames: readonly Frame[],
): { readonly list: List; readonly hasStrangers: boolean } {
  const places = new Map(list.conversations.map(({ id }, place) => [id, place]))
  const conversations = [...list.conversations]
  let hasStrangers = false
  let hasChanged = false
  for (const frame of frames) {
    if (frame.type === 'gap') continue
    const place = places.get(frame.conversation_id)
    if (place === undefined) {
      hasStrangers = true
      continue
    }
    const before = conversations[place]!
    const after = changedBy(before, frame)
    hasChanged ||= after !== before
    conversations[place] = after
  }
  if (!hasChanged) return { list, hasStrangers }
  conversations.sort((a, b) => latest(b) - latest(a))
  return { list: { ...list, conversations }, hasStrangers }
}

function changedBy(before: Conversation, frame: Exclude<Frame, { readonly type: 'gap' }>): Conversation {
  if (frame.type === 'conversation_status') return { ...frame.data, last_message: before.last_message ?? null }
  const { message } = frame.data
  const isLast = frame.type === 'chat_message' || message.created_at === before.last_message?.created_at
  if (!isLast || isBefore(message, before)) return before
  const { type, content, created_at } = message
  return {
    ...before,
    customer: message.customer,
    last_message: { type, content: content === null ? null : content.slice(0, 120), created_at },
    last_message_at: created_at ?? before.last_message_at,
  }
}

function isBefore({ created_at }: Message, { last_message }: Conversation): boolean {
  return created_at !== null && !!last_message?.created_at && created_at < last_message.created_at
}

function isOlder(a: Conversation, b: Conversation): boolean {
  return latest(a) < latest(b)
}

function latest({ last_message_at }: Conversation): number {
  return last_message_at === null ? 0 : Date.parse(last_message_at)
}

export function nameOf({ customer }: Pick<Conversation, 'customer'>): string {
  return customer.name ?? (customer.username === null ? customer.id : `@${customer.username}`)
}
