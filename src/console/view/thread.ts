import type { Conversation, Message } from './shapes.js'
import { pauseInWords } from './words.js'

/**
 * The loaded part of a history: contiguous and bounded. When one end grows, the other is dropped and loaded again
 * when scrolled to.
 */
export interface Thread {
  readonly messages: readonly Message[]
  readonly reachesStart: boolean
  readonly reachesEnd: boolean
}

export const PAGE_SIZE = 50
export const MOST_SHOWN = 300

export const NO_THREAD: Thread = { messages: [], reachesStart: false, reachesEnd: false }

/** A thread of the newest messages. */
export function opened(messages: readonly Message[]): Thread {
  return { messages, reachesStart: messages.length < PAGE_SIZE, reachesEnd: true }
}

export function withOlder(thread: Thread, page: readonly Message[]): Thread {
  const first = thread.messages[0]?.seq ?? Number.POSITIVE_INFINITY
  const all = [...page.filter(({ seq }) => seq < first), ...thread.messages]
  return {
    messages: all.slice(0, MOST_SHOWN),
    reachesStart: page.length < PAGE_SIZE,
    reachesEnd: thread.reachesEnd && all.length <= MOST_SHOWN,
  }
}

export function withNewer(thread: Thread, page: readonly Message[]): Thread {
  const last = thread.messages.at(-1)?.seq ?? 0
  const all = [...thread.messages, ...page.filter(({ seq }) => seq > last)]
  return {
    messages: all.slice(-MOST_SHOWN),
    reachesStart: thread.reachesStart && all.length <= MOST_SHOWN,
    reachesEnd: page.length < PAGE_SIZE,
  }
}

/** Appends live messages; one that does not follow the last is left to be loaded. */
export function withLive(thread: Thread, news: readonly Message[]): Thread {
  const messages = [...thread.messages]
  let { reachesEnd } = thread
  for (const message of news) {
    const first = messages[0]?.seq ?? message.seq
    const place = message.seq - first
    if (place < 0) continue
    if (place < messages.length) messages[place] = message
    else if (reachesEnd && (place === messages.length || messages.length === 0)) messages.push(message)
    else reachesEnd = false
  }
  const cut = messages.slice(-MOST_SHOWN)
  return { messages: cut, reachesStart: thread.reachesStart && cut.length === messages.length, reachesEnd }
}

/** Whether the message belongs to the same conversation: an erased one starts over with other ids. */
export function isSameLife(thread: Thread, { id, seq }: Pick<Message, 'id' | 'seq'>): boolean {
  const known = thread.messages[0]
  const lifeOf = (of: { readonly id: string; readonly seq: number }): string => of.id.slice(0, -String(of.seq).length)
  return known === undefined || lifeOf(known) === lifeOf({ id, seq })
}

/** A change of the bot's or the conversation's status, shown between messages. */
export interface Happening {
  readonly at: number
  readonly is: 'paused' | 'resumed' | 'closed' | 'opened'
  readonly words: string
}

/** The change between two states, if it is one to show. */
export function happeningOf(before: Conversation | null, after: Conversation, at: number): Happening | null {
  if (before !== null && before.state !== after.state) {
    return after.state === 'closed'
      ? { at, is: 'closed', words: 'Closed' }
      : { at, is: 'opened', words: 'Opened again' }
  }
  if (!after.bot.enabled) return { at, is: 'paused', words: `Bot paused: ${pauseInWords(after.bot)}` }
  if (before !== null && !before.bot.enabled) return { at, is: 'resumed', words: 'Handed back to the bot' }
  return null
}

export type Item =
  | { readonly is: 'day'; readonly key: string; readonly at: number }
  | { readonly is: 'line'; readonly key: string; readonly at: number; readonly words: string; readonly silent: boolean }
  | { readonly is: 'message'; readonly key: string; readonly message: Message; readonly isFirst: boolean }

/** Messages of one author this close together are grouped. */
const BLOCK_MS = 3 * 60_000

/**
 * Messages with the separators between them: days, and status changes. Pauses that were not seen live are inferred: a
 * person's message pauses the bot, and a question to the bot or its answer shows that it is back.
 */
export function itemsOf(
  { messages, reachesEnd }: Thread,
  happenings: readonly Happening[],
  isSameDay: (a: number, b: number) => boolean,
): readonly Item[] {
  const items: Item[] = []
  const first = timeOf(messages[0])
  const events = happenings.filter(({ at }) => at >= first).toSorted((a, b) => a.at - b.at)
  let silent = false
  let previous: Message | null = null

  const line = (at: number, words: string): void => {
    items.push({ is: 'line', key: `line-${at}-${items.length}`, at, words, silent })
    previous = null
  }
  const pass = (until: number): void => {
    while (events[0] !== undefined && events[0].at <= until) {
      const { at, is, words } = events.shift()!
      // The person's message already shows the pause.
      if (is === 'paused' && silent && !/by hand/.test(words)) continue
      if (is === 'resumed' && !silent) continue
      if (is === 'paused' || is === 'resumed') silent = is === 'paused'
      line(at, words)
    }
  }

  for (const message of messages) {
    const at = timeOf(message)
    pass(at)
    if (silent && showsBotBack(message)) {
      silent = false
      line(at, 'The bot has the conversation again')
    }
    if (items.length === 0 || !isSameDay(at, lastTime(items))) {
      items.push({ is: 'day', key: `day-${message.seq}`, at })
      previous = null
    }
    items.push({ is: 'message', key: message.id, message, isFirst: !belongsTo(previous, message) })
    previous = message
    if (!silent && message.type === 'support' && message.status !== 'cancelled' && message.status !== 'failed') {
      silent = true
      line(at, 'A person took over: the bot is silent')
    }
  }
  if (reachesEnd) pass(Number.POSITIVE_INFINITY)
  return items
}

function showsBotBack({ type, status }: Message): boolean {
  return type === 'customer' ? status === 'processed' : type === 'AI' && status === 'sent'
}

function belongsTo(previous: Message | null, { type, created_at }: Message): boolean {
  return previous !== null && previous.type === type && timeOf({ created_at }) - timeOf(previous) < BLOCK_MS
}

function lastTime(items: readonly Item[]): number {
  const last = items.at(-1)!
  return last.is === 'message' ? timeOf(last.message) : last.at
}

export function timeOf(of: { readonly created_at: string | null } | undefined): number {
  return of?.created_at ? Date.parse(of.created_at) : 0
}
