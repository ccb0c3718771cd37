import { type ConversationId, pageOf, userOf } from '../../conversation/ids.js'

/**
 * Where things stand in Redis. Conversations are spread over a fixed number of partitions, and every key of one carries
 * its partition as hash tag: all that a commit changes lies in one hash slot, on one server, in one script.
 */

/** Stored at the first start and checked at every other: conversations would be looked for in the wrong place. */
export const PARTITIONS = 64

/** Ids are remembered for one such period at least and two at most. */
export const SEEN_PERIOD_MS = 48 * 3_600_000

export interface Keys {
  partitionOf(id: ConversationId): number
  conversation(id: ConversationId): string
  /** What the keys of a partition's conversations begin with, before their ids. */
  conversationsOf(partition: number): string
  history(id: ConversationId): string
  seen(id: ConversationId, period: number): string
  due(partition: number): string
  activity(partition: number): string
  paused(partition: number): string
  channel(channelId: string): string
  layout(): string
}

export function createKeys(prefix: string): Keys {
  const tags = Array.from({ length: PARTITIONS }, (_, partition) => `${prefix}:{p${partition}}:`)
  const tagOf = (id: ConversationId): string => tags[partitionOf(id)]!

  return {
    partitionOf,
    conversation: (id) => `${tagOf(id)}c:${id}`,
    conversationsOf: (partition) => `${tags[partition]}c:`,
    history: (id) => `${tagOf(id)}h:${id}`,
    seen: (id, period) => `${tagOf(id)}s:${id}:${period}`,
    due: (partition) => `${tags[partition]}due`,
    activity: (partition) => `${tags[partition]}activity`,
    paused: (partition) => `${tags[partition]}paused`,
    channel: (channelId) => `${prefix}:{ch:${channelId}}:times`,
    layout: () => `${prefix}:layout`,
  }
}

function partitionOf(id: ConversationId): number {
  let sum = 0
  const page = pageOf(id)
  const user = userOf(id)
  // Ids are handed out in order: the digits that differ are the last ones of both.
  for (let i = Math.max(0, page.length - 6); i < page.length; i++) sum = sum * 10 + page.charCodeAt(i) - 48
  for (let i = Math.max(0, user.length - 6); i < user.length; i++)
    sum = (sum * 10 + user.charCodeAt(i) - 48) % 1_000_003
  return sum % PARTITIONS
}
