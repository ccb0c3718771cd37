import type { MessageType } from '../state/message.js'
import { base36 } from '../text/base36.js'

/** The content of the mark of one of our messages. */
export interface OurMark {
  readonly type: MessageType
  readonly seq: number
  /** The start of the conversation's current life: after an erasure messages are numbered from 1 again. */
  readonly createdAt: number
}

/**
 * The mark in a Messenger message's `metadata`, which Meta returns in the echo. It identifies the message by itself,
 * even after everything else about it was forgotten.
 */
export function markOf({ type, seq, createdAt }: OurMark): string {
  return `message-router:${type}:${base36(createdAt)}-${seq}`
}

export function ourMark(metadata: string | null): OurMark | null {
  const match = metadata === null ? null : MARK.exec(metadata)
  if (match === null) return null
  return { type: match[1] as MessageType, seq: Number(match[3]), createdAt: Number.parseInt(match[2]!, 36) }
}

const MARK = /^message-router:(AI|support|marketing):([0-9a-z]{1,10})-(\d{1,15})$/
