import type { Notification, QueuedNotification } from '../../engine/ports.js'

/** A notification as text: one character, its facts, a line break, and its body as it will be posted. */

type Facts = readonly [subject: string, target: string, id: string, at: number]

/** The facts start at the same offset as in feed entries, so that erasing uses the same search for both. */
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
