import { type Place, placesIn } from './json-places.js'

/** Changes the text of a channels file; everything else in it stays as it is written. */

export type Row = Readonly<Record<string, string>>

/** Adds a channel. Null is a file that is not there yet. */
export function withChannel(text: string | null, row: Row): string {
  if (text === null) return `${JSON.stringify({ channels: [row] }, null, 2)}\n`
  const { start, items } = channelsIn(text)
  const last = items.at(-1)
  if (last === undefined) return spliced(text, start + 1, start + 1, onOneLine(row))
  const before = items.at(-2)?.end ?? start + 1
  // The line break and the indentation that stand before the last channel.
  const gap = text.slice(before, last.start).replace(',', '')
  const indent = /\n([ \t]*)$/.exec(gap)?.[1]
  const shown = indent === undefined ? onOneLine(row) : JSON.stringify(row, null, 2).replaceAll('\n', `\n${indent}`)
  return spliced(text, last.end, last.end, `,${gap || ' '}${shown}`)
}

/** Changes the token of the channel at this index. */
export function withToken(text: string, index: number, token: string): string {
  const { fields } = channelsIn(text).items[index]!
  const shown = JSON.stringify(token)
  const now = fields.get('token')
  if (now !== undefined) return spliced(text, now.start, now.end, shown)
  const { end } = fields.get('id')!
  return spliced(text, end, end, `, "token": ${shown}`)
}

function channelsIn(text: string): Place {
  return placesIn(text).fields.get('channels')!
}

function onOneLine(row: Row): string {
  return `{${Object.entries(row)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')}}`
}

function spliced(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end)
}
