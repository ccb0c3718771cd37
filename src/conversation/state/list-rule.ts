import { FOREVER, type Policy } from '../channel.js'
import type { Message } from './message.js'
import type { Outbox } from './outbox-state.js'
import { type Conversation, kept } from './state.js'

/** The settings that lifetimes depend on. */
export type Terms = Pick<Policy, 'echoTtlMs' | 'repeatWindowMs' | 'flagTtlMs' | 'flagTailMs'>

/** The rule for the items of one list. */
export interface ItemRule<Item> {
  readonly cap: number
  /** From then on no rule uses the item; FOREVER when it is ended by an event and not by time. */
  readonly ends: (item: Item, terms: Terms, state: Conversation) => number
  /** Until then forgetting the item would change the bot's behaviour. Left out when nothing is lost with it. */
  readonly keep?: (item: Item) => number
  /**
   * In a conversation that was silent for longer than the settings look back: whether the item stays, goes, or goes
   * at that time.
   */
  readonly atRest: 'stays' | 'goes' | ((item: Item, state: Conversation) => number)
  readonly messages?: (item: Item) => readonly Message[]
  readonly withMessage?: (item: Item, message: Message) => Item
  readonly text?: (item: Item) => string | null
  /** The weight of an item in memory besides its messages and its text, where that matters. */
  readonly bytes?: number | ((item: Item) => number)
}

/** A list of the state with its rule applied, whatever its items are. */
export interface ListRule {
  readonly name: string
  readonly cap: number
  size(state: Conversation): number
  /** Without the items that have ended. */
  pruned(state: Conversation, terms: Terms, now: number): Conversation
  /** Without the items that a silent conversation need not keep. */
  rested(state: Conversation, now: number): Conversation
  keepUntil(state: Conversation): number
  /** When the first item that holds text ends; FOREVER without one. */
  wordsEnd(state: Conversation, terms: Terms): number
  /** Replaces older versions of the message in the list. */
  rewritten(state: Conversation, message: Message): Conversation
  bytes(state: Conversation, bytesOf: (message: Message) => number): number
}

/** Reads and writes the list in the state. */
export interface Place<Item> {
  of(state: Conversation): readonly Item[]
  with(state: Conversation, items: readonly Item[]): Conversation
}

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never
type ListKey<T> = { [K in keyof T]: T[K] extends readonly unknown[] ? K : never }[keyof T]

export function inState<K extends ListKey<Conversation>>(key: K): Place<ItemOf<Conversation[K]>> {
  return {
    of: (state) => state[key] as readonly ItemOf<Conversation[K]>[],
    with: (state, items) => ({ ...state, [key]: items }),
  }
}

export function inOutbox<K extends ListKey<Outbox>>(key: K): Place<ItemOf<Outbox[K]>> {
  return {
    of: ({ outbox }) => outbox[key] as readonly ItemOf<Outbox[K]>[],
    with: (state, items) => ({ ...state, outbox: { ...state.outbox, [key]: items } }),
  }
}

export function listRule<Item>(name: string, place: Place<Item>, rule: ItemRule<Item>): ListRule {
  const { ends, keep, atRest, messages, withMessage, text, bytes = 0 } = rule
  const holdsWords = (item: Item): boolean => messages !== undefined || (text !== undefined && text(item) !== null)

  function replaced(state: Conversation, before: readonly Item[], after: readonly Item[]): Conversation {
    return after === before ? state : place.with(state, after)
  }

  return {
    name,
    cap: rule.cap,
    size: (state) => place.of(state).length,
    pruned(state, terms, now) {
      const items = place.of(state)
      return items.length === 0
        ? state
        : replaced(
            state,
            items,
            kept(items, (item) => now < ends(item, terms, state)),
          )
    },
    rested(state, now) {
      const items = place.of(state)
      if (items.length === 0 || atRest === 'stays') return state
      return replaced(
        state,
        items,
        kept(items, (item) => atRest !== 'goes' && now < atRest(item, state)),
      )
    },
    keepUntil(state) {
      const items = place.of(state)
      let latest = 0
      if (keep !== undefined && items.length > 0) for (const item of items) latest = Math.max(latest, keep(item))
      return latest
    },
    wordsEnd(state, terms) {
      let end = FOREVER
      for (const item of place.of(state)) if (holdsWords(item)) end = Math.min(end, ends(item, terms, state))
      return end
    },
    rewritten(state, message) {
      const items = place.of(state)
      if (items.length === 0 || messages === undefined || withMessage === undefined) return state
      const isIn = (item: Item): boolean => messages(item).some(({ seq }) => seq === message.seq)
      if (!items.some(isIn)) return state
      return place.with(
        state,
        items.map((item) => (isIn(item) ? withMessage(item, message) : item)),
      )
    },
    bytes(state, bytesOf) {
      const items = place.of(state)
      let sum = 0
      if (items.length === 0) return sum
      for (const item of items) {
        sum += typeof bytes === 'number' ? bytes : bytes(item)
        if (messages !== undefined) for (const message of messages(item)) sum += bytesOf(message)
        else if (text !== undefined) sum += 2 * (text(item)?.length ?? 0)
      }
      return sum
    },
  }
}
