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

/**
 * What is made of each item; one shared empty list for none. By index, as `added` makes lists: V8 keeps arrays that `map`
 * makes apart from those, and compiles anew what meets both.
 */
export function listOf<Item, T>(
  items: readonly Item[] | undefined,
  of: (item: Item, index: number) => T,
): readonly T[] {
  if (items === undefined || items.length === 0) return NONE
  const list = new Array<T>(items.length)
  for (let i = 0; i < list.length; i++) list[i] = of(items[i]!, i)
  return list
}
