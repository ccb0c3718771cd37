import type { Item, Mark } from './mark.js'

export interface Visit {
  /** Returns false where what is inside is not to be visited. */
  enter(mark: Mark, isInRow: boolean): boolean
  leave?(item: Item): void
}

/** Visits all marks in the order of the text, each before what is inside of it. */
export function walk(marks: readonly Mark[], visit: Visit, isInRow = false): void {
  let past = -1
  for (const mark of marks) {
    if (mark.from < past) continue
    if (!visit.enter(mark, isInRow)) past = mark.to
    if (mark.is === 'item' || mark.is === 'heading') walk(mark.marks, visit, isInRow)
    if (mark.is === 'item') visit.leave?.(mark)
    if (mark.is !== 'table') continue
    walk(mark.head.marks, visit, true)
    for (const row of mark.rows) walk(row.marks, visit, true)
  }
}
