import type { Message } from './shapes.js'
import { timeOf } from './thread.js'
import { type Who, whoWrote } from './words.js'

/** Messages per minute by author, and the time to the bot's answers, over the last 15 minutes. */

export const MINUTE_MS = 60_000
export const MINUTES = 15

export const AUTHORS: readonly Who[] = ['customer', 'bot', 'person', 'automation']

export interface Pulse {
  /** The starts of the minutes, oldest first; the last is the current one. */
  readonly minutes: readonly number[]
  readonly counts: Readonly<Record<Who, readonly number[]>>
  /** The median seconds from a customer's message to the bot's answer, per minute. */
  readonly answerSeconds: readonly (number | null)[]
  readonly medianAnswerSeconds: number | null
}

/** Messages by id, each in its latest version, for 15 minutes. */
export type Recent = ReadonlyMap<string, Message>

/** The oldest are dropped above this. */
const MOST_RECENT = 20_000

export function withRecent(recent: Recent, news: readonly Message[], now: number): Recent {
  const all = new Map(recent)
  for (const message of news) all.set(message.id, message)
  const from = now - (MINUTES + 1) * MINUTE_MS
  for (const [id, message] of all) {
    if (all.size > MOST_RECENT || timeOf(message) < from) all.delete(id)
  }
  return all
}

export function pulseOf(recent: Recent, now: number): Pulse {
  const last = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const minutes = Array.from({ length: MINUTES }, (_, i) => last - (MINUTES - 1 - i) * MINUTE_MS)
  const placeOf = (at: number): number => Math.floor((at - minutes[0]!) / MINUTE_MS)
  const counts = Object.fromEntries(AUTHORS.map((who) => [who, minutes.map(() => 0)])) as Record<Who, number[]>
  const messages = [...recent.values()]
  for (const message of messages) {
    const place = placeOf(timeOf(message))
    if (place >= 0 && place < MINUTES) counts[whoWrote(message)][place]! += 1
  }
  const waits = answerWaits(messages)
  const ofMinute = (place: number): number[] =>
    waits.filter(({ at }) => placeOf(at) === place).map(({ seconds }) => seconds)
  return {
    minutes,
    counts,
    answerSeconds: minutes.map((_, place) => median(ofMinute(place))),
    medianAnswerSeconds: median(waits.filter(({ at }) => placeOf(at) >= 0).map(({ seconds }) => seconds)),
  }
}

/** The times from a customer's first unanswered message to the bot's next message. */
function answerWaits(messages: readonly Message[]): readonly { readonly at: number; readonly seconds: number }[] {
  const openSince = new Map<string, number>()
  const inOrder = messages.toSorted((a, b) => timeOf(a) - timeOf(b) || a.seq - b.seq)
  return inOrder.flatMap((message) => {
    const { conversation_id: id, type } = message
    const at = timeOf(message)
    const since = openSince.get(id)
    if (type === 'customer') {
      if (since === undefined && message.status !== 'skipped') openSince.set(id, at)
      return []
    }
    openSince.delete(id)
    return type === 'AI' && since !== undefined ? [{ at, seconds: (at - since) / 1000 }] : []
  })
}

export function median(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
