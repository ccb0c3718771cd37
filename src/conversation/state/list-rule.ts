import { FOREVER, type Policy } from '../channel.js'
import type { Message } from './message.js'
import { inOneShape } from './one-shape.js'
import type { Outbox } from './outbox-state.js'
import { type Conversation, kept } from './state.js'

/** The settings that lifetimes depend on. */
export type Terms = Pick<Policy, 'echoTtlMs' | 'repeatWindowMs' | 'flagTtlMs' | 'flagTailMs'>

/** The rule for the items of one list. */
export interface ItemRule<Item> {
  readonly cap: number
  /** From then on no rule uses the item. Left out when items are ended by events and not by time. */
  readonly ends?: (item: Item, terms: Terms, state: Conversation) => number
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
  /** When the first item goes by its time; FOREVER where none does. */
  restEnds(state: Conversation): number
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

/**
 * `of` is a function of its own for each list: reading `state[key]` in one place for all keys takes five times as long,
 * and every event reads all the lists several times.
 */
export function inState<K extends ListKey<Conversation>>(
  key: K,
  of: (state: Conversation) => Conversation[K],
): Place<ItemOf<Conversation[K]>> {
  return {
    of: of as (state: Conversation) => readonly ItemOf<Conversation[K]>[],
    // In the hidden class of all states: V8 would compile what reads this one anew for another.
    with(state, items) {
      const changed: { -readonly [P in keyof Conversation]: Conversation[P] } = inOneShape(state)
      changed[key] = items as Conversation[K]
      return changed
    },
  }
}

export function inOutbox<K extends ListKey<Outbox>>(
  key: K,
  of: (outbox: Outbox) => Outbox[K],
): Place<ItemOf<Outbox[K]>> {
  const read = of as (outbox: Outbox) => readonly ItemOf<Outbox[K]>[]
  return {
    of: ({ outbox }) => read(outbox),
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
      if (ends === undefined) return state
      const items = place.of(state)
      for (let i = 0; i < items.length; i++) {
        if (now < ends(items[i]!, terms, state)) continue
        const left = kept(items, (item) => now < ends(item, terms, state))
        return place.with(state, left)
      }
      return state
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
    restEnds(state) {
      const items = place.of(state)
      let end = FOREVER
      if (typeof atRest === 'function') for (const item of items) end = Math.min(end, atRest(item, state))
      return end
    },
    keepUntil(state) {
      const items = place.of(state)
      let latest = 0
      if (keep !== undefined) for (let i = 0; i < items.length; i++) latest = Math.max(latest, keep(items[i]!))
      return latest
    },
    wordsEnd(state, terms) {
      if (ends === undefined) return FOREVER
      const items = place.of(state)
      let end = FOREVER
      for (let i = 0; i < items.length; i++) {
        const item = items[i]!
        if (holdsWords(item)) end = Math.min(end, ends(item, terms, state))
      }
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
      for (let i = 0; i < items.length; i++) {
        const item = items[i]!
        sum += typeof bytes === 'number' ? bytes : bytes(item)
        if (messages !== undefined) sum += sumOf(messages(item), bytesOf)
        else if (text !== undefined) sum += 2 * (text(item)?.length ?? 0)
      }
      return sum
    },
  }
}

function sumOf(messages: readonly Message[], bytesOf: (message: Message) => number): number {
  let sum = 0
  for (let i = 0; i < messages.length; i++) sum += bytesOf(messages[i]!)
  return sum
}
