/**
 * States and messages as text: arrays in a fixed order, since the names of the keys would be most of an idle
 * conversation. What is nothing at the end of one is left out. New members go to the end: whoever reads an older text
 * finds them missing, and takes nothing for them.
 */

export function withoutNothing<Row extends readonly unknown[]>(row: Row): Row {
  let length = row.length
  while (isNothing(row[length - 1])) length -= 1
  return row.slice(0, length) as unknown as Row
}

function isNothing(value: unknown): boolean {
  return value === 0 || value === null || (Array.isArray(value) && value.length === 0)
}

export const NONE: readonly never[] = Object.freeze([])

export function listOf<Row, T>(rows: readonly Row[] | undefined, itemOf: (row: Row) => T): readonly T[] {
  return rows === undefined || rows.length === 0 ? NONE : rows.map(itemOf)
}
