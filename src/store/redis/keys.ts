import type { ConversationId } from '../../conversation/ids.js'
import { LIST_COUNT } from '../../engine/list-filter.js'
import { codesOf } from './codes.js'
import type { CommitKeys } from './commit-script.js'
import { namelessHash } from './seen.js'

/**
 * The keys in Redis. Conversations are spread over a fixed number of partitions, and each key has its partition as
 * hash tag, so that all keys of a commit are in one hash slot, on one server, in one script.
 */

/**
 * Stored at the first start and checked at every other: with another number conversations would be looked for in the
 * wrong place.
 */
export const PARTITIONS = 64

export interface Keys {
  /** The partition of a conversation, or of any other id. */
  partitionOf(id: string): number
  conversation(id: ConversationId): string
  /** The prefix of the keys of a partition's conversations; their ids follow. */
  conversationsOf(partition: number): string
  history(id: ConversationId): string
  seen(id: ConversationId, period: number): string
  due(partition: number): string
  /** A list of conversations by activity; see `listNumber`. */
  list(partition: number, number: number): string
  lists(partition: number): readonly string[]
  /** The lists of version 0.1.0. */
  oldLists(partition: number): readonly [activity: string, paused: string, dead: string]
  /** Search terms, each followed by its conversation's id, in lexicographic order. */
  terms(partition: number): string
  /** The names among the terms, by conversation: those to remove when the customer's name changes. */
  names(partition: number): string
  feed(partition: number): string
  /** The id of the entry before which others may have been trimmed. */
  feedFrom(partition: number): string
  /** All keys that a commit may touch, with its list and the one of before. */
  committed(id: ConversationId, period: number, list: number, listBefore: number): CommitKeys
  /** All keys that erasing a conversation touches, in the order of the script's KEYS. */
  erased(id: ConversationId): readonly string[]
  /** The queue of notifications. */
  notifications(partition: number): string
  /** How each of a partition's channels was last announced. */
  announced(partition: number): string
  lease(name: string): string
  /** Temporary name of the feed while a script rewrites it. */
  oldFeed(partition: number): string
  channel(channelId: string): string
  slots(channelId: string): string
  /** The channel's refreshed token, sealed. */
  token(channelId: string): string
  ticket(ticket: string): string
  /** Not a key: the pub/sub channel on which feed entries are announced. */
  live(): string
  layout(): string
}

export function createKeys(prefix: string): Keys {
  const tags = Array.from({ length: PARTITIONS }, (_, partition) => `${prefix}:{p${partition}}:`)
  const lists = tags.map((tag) => Array.from({ length: LIST_COUNT }, (_, number) => `${tag}list:${number}`))
  const tagOf = (id: ConversationId): string => tags[partitionOf(id)]!

  const keys: Keys = {
    partitionOf,
    conversation: (id) => `${tagOf(id)}c:${id}`,
    conversationsOf: (partition) => `${tags[partition]}c:`,
    history: (id) => `${tagOf(id)}h:${id}`,
    seen: (id, period) => `${tagOf(id)}s:${namelessHash(id)}:${period}`,
    due: (partition) => `${tags[partition]}due`,
    list: (partition, number) => lists[partition]![number]!,
    lists: (partition) => lists[partition]!,
    oldLists: (partition) => [`${tags[partition]}activity`, `${tags[partition]}paused`, `${tags[partition]}dead`],
    terms: (partition) => `${tags[partition]}terms`,
    names: (partition) => `${tags[partition]}names`,
    feed: (partition) => `${tags[partition]}feed`,
    feedFrom: (partition) => `${tags[partition]}feed-from`,
    notifications: (partition) => `${tags[partition]}notifications`,
    announced: (partition) => `${tags[partition]}announced`,
    lease: (name) => `${prefix}:${name}`,
    oldFeed: (partition) => `${tags[partition]}feed-old`,
    channel: (channelId) => `${prefix}:{ch:${channelId}}:times`,
    slots: (channelId) => `${prefix}:{ch:${channelId}}:slots`,
    token: (channelId) => `${prefix}:{ch:${channelId}}:token`,
    ticket: (ticket) => `${prefix}:ticket:${ticket}`,
    live: () => `${prefix}:live`,
    layout: () => `${prefix}:layout`,
    committed(id, period, list, listBefore) {
      const partition = partitionOf(id)
      const tag = tags[partition]!
      const seen = `${tag}s:${namelessHash(id)}:`
      return {
        state: `${tag}c:${id}`,
        history: `${tag}h:${id}`,
        seen: seen + period,
        seenBefore: seen + (period - 1),
        due: keys.due(partition),
        feed: keys.feed(partition),
        list: keys.list(partition, list),
        listBefore: keys.list(partition, listBefore),
        terms: keys.terms(partition),
        names: keys.names(partition),
        notifications: keys.notifications(partition),
      }
    },
    erased(id) {
      const partition = partitionOf(id)
      const feed = [keys.feed(partition), keys.feedFrom(partition), keys.oldFeed(partition)]
      const search = [keys.terms(partition), keys.names(partition)]
      const own = [keys.conversation(id), keys.history(id), keys.due(partition)]
      return [...own, ...feed, ...search, keys.notifications(partition), ...keys.lists(partition)]
    },
  }
  return keys
}

/** By the whole id: which of its digits are evenly distributed is unknown. */
function partitionOf(id: string): number {
  const codes = codesOf(id)
  const { length } = id
  let hash = 0x811c9dc5
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ codes[i]!, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % PARTITIONS
}
