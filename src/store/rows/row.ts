import { NONE } from '../../conversation/state/none.js'

/**
 * States and messages as JSON arrays in a fixed order: with keys, their names would be most of an idle conversation.
 * Empty values at the end are left out. New fields are appended: an older row simply lacks them.
 */

export function withoutNothing<Row extends readonly unknown[]>(row: Row): Row {
  let length = row.length
  while (isNothing(row[length - 1])) length -= 1
  return row.slice(0, length) as unknown as Row
}

function isNothing(value: unknown): boolean {
  return value === 0 || value === null || (Array.isArray(value) && value.length === 0)
}

export function listOf<Row, T>(rows: readonly Row[] | undefined, itemOf: (row: Row) => T): readonly T[] {
  return rows === undefined || rows.length === 0 ? NONE : rows.map(itemOf)
}

/** Most lists of most states are empty: `map` and its array would cost as much as writing the rest. */
export function rowsOf<Item, Row>(items: readonly Item[], rowOf: (item: Item) => Row): readonly Row[] {
  return items.length === 0 ? NONE : items.map((item) => rowOf(item))
}
