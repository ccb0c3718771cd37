/** One change to a text: what stands from here to there gives way. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** The text with all of them made. Of two that touch the same place, the one that begins first is made, or the longer one. */
export function edited(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text
  let out = ''
  let at = 0
  const isSorted = edits.every((edit, i) => i === 0 || comesBefore(edits[i - 1]!, edit) <= 0)
  for (const { from, to, insert } of isSorted ? edits : edits.toSorted(comesBefore)) {
    if (from < at) continue
    out += text.slice(at, from) + insert
    at = to
  }
  return out + text.slice(at)
}

function comesBefore(a: Edit, b: Edit): number {
  return a.from - b.from || b.to - a.to
}
