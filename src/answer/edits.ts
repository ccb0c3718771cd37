import type { Cut } from '../markdown/cuts.js'

/** One change to a text: what stands from here to there gives way. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** A text with the places where it may be cut. */
export interface Draft {
  readonly text: string
  readonly cuts: readonly Cut[]
}

/** The text with all of them made. Of two that touch the same place, the one that begins first is made, or the longer one. */
export function edited(text: string, edits: readonly Edit[]): string {
  return joined(text, madeOf(text, edits))
}

/** The same for a text that may be cut; what no edit touches is still known to hold no marks. */
export function revised(draft: Draft, edits: readonly Edit[]): Draft {
  const { text, cuts } = draft
  const made = madeOf(text, edits)
  if (made.length === 0) return draft
  return { text: joined(text, made), cuts: moved(cuts, made) }
}

/** Those that change something, in their order. */
function madeOf(text: string, edits: readonly Edit[]): readonly Edit[] {
  const made: Edit[] = []
  let at = 0
  for (const edit of inOrder(edits, text.length)) {
    const { from, to, insert } = edit
    if (from < at) continue
    at = to
    if (to - from !== insert.length || !text.startsWith(insert, from)) made.push(edit)
  }
  return made
}

/** Kept for the next text: to make one takes longer than to clear it. */
let places = new Uint32Array(0)

/** The number, counted from 1, of the edit that begins at each place. A sort takes four times as long. */
function emptyPlaces(count: number): Uint32Array {
  if (places.length < count) places = new Uint32Array(count)
  return places.fill(0, 0, count)
}

/** By where they begin; the longest of those that begin at the same place. */
function inOrder(edits: readonly Edit[], textLength: number): readonly Edit[] {
  if (isInOrder(edits)) return edits
  const at = emptyPlaces(textLength + 1)
  for (let i = 0; i < edits.length; i += 1) {
    const { from, to } = edits[i]!
    const other = at[from]!
    if (other === 0 || edits[other - 1]!.to < to) at[from] = i + 1
  }
  const ordered: Edit[] = []
  for (let from = 0; from <= textLength; from += 1) if (at[from] !== 0) ordered.push(edits[at[from]! - 1]!)
  return ordered
}

function isInOrder(edits: readonly Edit[]): boolean {
  for (let i = 1; i < edits.length; i += 1) if (edits[i - 1]!.from >= edits[i]!.from) return false
  return true
}

function joined(text: string, made: readonly Edit[]): string {
  let out = ''
  let at = 0
  for (const { from, to, insert } of made) {
    out += text.slice(at, from) + insert
    at = to
  }
  return out + text.slice(at)
}

function moved(cuts: readonly Cut[], made: readonly Edit[]): readonly Cut[] {
  const out: { at: number; isPlain: boolean }[] = []
  let next = 0
  let shift = 0
  for (const { from, to, insert } of made) {
    for (; next < cuts.length && cuts[next]!.at < from; next += 1) {
      out.push({ at: cuts[next]!.at + shift, isPlain: cuts[next]!.isPlain })
    }
    if (out.length > 0 && cuts[next]?.at !== from) out[out.length - 1]!.isPlain = false
    const shiftBehind = shift + insert.length - (to - from)
    for (; next < cuts.length && cuts[next]!.at <= to; next += 1) {
      const { at } = cuts[next]!
      if (at === from) out.push({ at: at + shift, isPlain: false })
      else if (at === to) out.push({ at: at + shiftBehind, isPlain: false })
    }
    shift = shiftBehind
  }
  for (; next < cuts.length; next += 1) out.push({ at: cuts[next]!.at + shift, isPlain: cuts[next]!.isPlain })
  return out
}

/** Takes the blanks at both ends away. */
export function trimmed(text: string): readonly Edit[] {
  const start = text.length - text.trimStart().length
  const end = Math.max(start, text.trimEnd().length)
  return [
    { from: 0, to: start, insert: '' },
    { from: end, to: text.length, insert: '' },
  ]
}
