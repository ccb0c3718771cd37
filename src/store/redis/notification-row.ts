import type { Notification, QueuedNotification } from '../../engine/ports.js'

/** A notification as text: one character, its facts, a line break, and its body as it will be posted. */

type Facts = readonly [subject: string, target: string, id: string, at: number]

/** So that the facts begin where those of the feed's entries do: one search finds what is to be erased in both. */
const START = 'n'

export function encodeNotification(subject: string, { id, target, at, body }: Notification): string {
  const facts: Facts = [subject, target, id, at]
  return `${START}${JSON.stringify(facts)}\n${body}`
}

export function decodeNotification(key: string, text: string): QueuedNotification {
  const [subject, target, id, at] = JSON.parse(text.slice(START.length, text.indexOf('\n'))) as Facts
  return { key, subject, id, target, at }
}

export function bodyOf(text: string): string {
  return text.slice(text.indexOf('\n') + 1)
}
