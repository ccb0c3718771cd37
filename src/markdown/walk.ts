import type { Mark } from './mark.js'

/** Visits the marks of a text in their order. Where `enter` returns false, what is inside of that one is left out. */
export function walk(marks: readonly Mark[], enter: (mark: Mark, isInRow: boolean) => boolean): void {
  let past = -1
  let tableEnd = -1
  for (const mark of marks) {
    if (mark.from < past) continue
    const isInRow = mark.from < tableEnd
    if (mark.is === 'table') tableEnd = mark.to
    if (!enter(mark, isInRow)) past = mark.to
  }
}
