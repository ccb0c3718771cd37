import { type Conversation, NO_OUTBOX, type Outbox, type SpokenRun } from '../../conversation/state/state.js'
import { bytesOf, type History, NO_MESSAGES } from './history.js'

/**
 * A conversation as the memory store holds it: its state, its history, and its place in every order. Its times are whole
 * seconds since the store was opened: small integers cost no memory of their own.
 */
export interface Entry extends History {
  state: Conversation
  version: number
  /** What the texts of its open work weigh. */
  openBytes: number
  /** Where the due queue holds it, -1 for nowhere. */
  duePlace: number
  keepUntil: number
  historyTtl: number
  touchedAt: number
  /** Grows with every message over all conversations: a place in the list that outlasts the list. */
  activity: number
  newer: Entry | null
  older: Entry | null
}

export function createEntry(state: Conversation): Entry {
  return {
    state,
    version: 0,
    messages: NO_MESSAGES,
    historyBytes: 0,
    openBytes: 0,
    duePlace: -1,
    keepUntil: 0,
    historyTtl: 0,
    touchedAt: 0,
    activity: 0,
    newer: null,
    older: null,
  }
}

export function openBytesOf(state: Conversation): number {
  let bytes = 0
  for (const message of state.waiting) bytes += bytesOf(message)
  for (const each of state.setAside) bytes += bytesOf(each.message)
  for (const each of state.sent) bytes += bytesOf(each.message)
  for (const each of state.unclaimed) bytes += bytesOf(each.message)
  for (const message of state.asking.run?.messages ?? []) bytes += bytesOf(message)
  if (state.asking.share !== null) bytes += bytesOf(state.asking.share.message)
  if (state.outbox !== NO_OUTBOX) bytes += outboxBytes(state.outbox)
  for (const each of state.asked) bytes += 2 * each.text.length
  for (const flag of state.flags) if (flag.text !== null) bytes += 2 * flag.text.length
  for (const run of state.spoken) bytes += spokenBytes(run)
  return bytes
}

function spokenBytes({ expected, heard }: SpokenRun): number {
  const digests = expected.reduce((sum, { parts }) => sum + 1 + parts.length, heard.length)
  return digests * DIGEST_BYTES
}

function outboxBytes({ parts, setAside, dead, posts }: Outbox): number {
  let bytes = posts.length * POST_BYTES
  for (const { message } of parts) bytes += bytesOf(message)
  for (const { part } of setAside) bytes += bytesOf(part.message)
  for (const letter of dead) for (const { message } of letter.parts) bytes += bytesOf(message)
  return bytes
}

/** A key and a digest, and what holds them. */
const POST_BYTES = 250
/** A digest, and its place in its list. */
const DIGEST_BYTES = 40
