import type { MessageType } from '../state/message.js'

/** What a mark says of the message that bears it. */
export interface OurMark {
  readonly type: MessageType
  readonly seq: number
  /** Which life of the conversation it is from: one that was forgotten and began anew counts its messages anew. */
  readonly createdAt: number
}

/**
 * The mark that the router puts into a Messenger message's `metadata`, which Meta gives back in the echo. It says by
 * itself whose message it was, so that it still tells when all else has been forgotten.
 */
export function markOf({ type, seq, createdAt }: OurMark): string {
  return `message-router:${type}:${createdAt.toString(36)}-${seq}`
}

export function ourMark(metadata: string | null): OurMark | null {
  const match = metadata === null ? null : MARK.exec(metadata)
  if (match === null) return null
  return { type: match[1] as MessageType, seq: Number(match[3]), createdAt: Number.parseInt(match[2]!, 36) }
}

const MARK = /^message-router:(AI|support|marketing):([0-9a-z]{1,10})-(\d{1,15})$/
