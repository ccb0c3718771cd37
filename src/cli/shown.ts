import type { ConversationShape, MessageShape } from '../http/shapes.js'
import { padded, printable, shortened } from '../terminal/text.js'

/** Formats conversations and messages as lines. */

export function botInWords({ enabled, paused_until, reason, note }: ConversationShape['bot']): string {
  if (enabled) return 'the bot is on'
  const why = [reason, note].filter(Boolean).join(': ')
  return `the bot is silent until ${paused_until ?? 'it is resumed'}${why === '' ? '' : ` (${printable(why)})`}`
}

type Said = Pick<
  MessageShape,
  'created_at' | 'type' | 'content' | 'message_type' | 'status' | 'reason' | 'evidence' | 'source'
>

/** `2026-01-01T00:00:00.000Z  AI        Yes, two are left.  [sent · text]` */
export function messageLine({ created_at, type, status, reason, evidence, ...message }: Said): string {
  const facts = [status, reason, evidence].filter((each) => each !== null).join(' · ')
  return `${created_at}  ${padded(type, 10)}  ${contentOf(message)}  [${facts}]`
}

export function contentOf({ content, message_type }: { content: string | null; message_type?: string }): string {
  return content === null || content === '' ? `[${message_type ?? 'no text'}]` : printable(content)
}

/** A table; the last column is cut to the remaining width. */
export function table(rows: readonly (readonly string[])[], width: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) => {
      const line = row.map((cell, column) => (column === row.length - 1 ? cell : padded(cell, widths[column]!)))
      return shortened(line.join('  ').trimEnd(), width)
    })
    .join('\n')
}
