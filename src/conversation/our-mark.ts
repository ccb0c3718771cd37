import type { MessageType } from './message.js'

/**
 * The mark that the router puts into a Messenger message's `metadata`, which Meta gives back in the echo. It says by
 * itself whose message it was, so that it still tells when all else has been forgotten.
 */
export function markOf(message: { readonly type: MessageType; readonly seq: number }): string {
  return `message-router:${message.type}:${message.seq}`
}

export function ourMark(metadata: string | null): { readonly type: MessageType; readonly seq: number } | null {
  const match = metadata === null ? null : MARK.exec(metadata)
  if (match === null) return null
  return { type: match[1] as MessageType, seq: Number(match[2]) }
}

const MARK = /^message-router:(AI|support|marketing):(\d{1,15})$/
