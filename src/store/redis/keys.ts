import type { ConversationId } from '../../conversation/ids.js'
import { namelessHash } from './id-hash.js'

/**
 * Where things stand in Redis. Conversations are spread over a fixed number of partitions, and every key of one carries
 * its partition as hash tag: all that a commit changes lies in one hash slot, on one server, in one script.
 */

/** Stored at the first start and checked at every other: conversations would be looked for in the wrong place. */
export const PARTITIONS = 64

/** Ids are remembered for one such period at least and two at most. */
export const SEEN_PERIOD_MS = 48 * 3_600_000

export interface Keys {
  /** Of a conversation, or of whatever else has an id. */
  partitionOf(id: string): number
  conversation(id: ConversationId): string
  /** What the keys of a partition's conversations begin with, before their ids. */
  conversationsOf(partition: number): string
  history(id: ConversationId): string
  seen(id: ConversationId, period: number): string
  due(partition: number): string
  activity(partition: number): string
  paused(partition: number): string
  withDeadLetters(partition: number): string
  feed(partition: number): string
  /** The first of the feed's entries before which some may be missing. */
  feedFrom(partition: number): string
  /** Those that wait to be delivered. */
  notifications(partition: number): string
  /** How each of a partition's channels was last announced. */
  announced(partition: number): string
  /** Held by the process that delivers notifications. */
  notifying(): string
  channel(channelId: string): string
  slots(channelId: string): string
  ticket(ticket: string): string
  /** Not a key: where all processes hear of what is fed. */
  live(): string
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
    seen: (id, period) => `${tagOf(id)}s:${namelessHash(id)}:${period}`,
    due: (partition) => `${tags[partition]}due`,
    activity: (partition) => `${tags[partition]}activity`,
    paused: (partition) => `${tags[partition]}paused`,
    withDeadLetters: (partition) => `${tags[partition]}dead`,
    feed: (partition) => `${tags[partition]}feed`,
    feedFrom: (partition) => `${tags[partition]}feed-from`,
    notifications: (partition) => `${tags[partition]}notifications`,
    announced: (partition) => `${tags[partition]}announced`,
    notifying: () => `${prefix}:notifying`,
    channel: (channelId) => `${prefix}:{ch:${channelId}}:times`,
    slots: (channelId) => `${prefix}:{ch:${channelId}}:slots`,
    ticket: (ticket) => `${prefix}:ticket:${ticket}`,
    live: () => `${prefix}:live`,
    layout: () => `${prefix}:layout`,
  }
}

/** By all of the id: nobody knows which of its digits Meta hands out evenly. */
function partitionOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % PARTITIONS
}
