/** Patterns for numbers in paths and queries, which arrive as text. An empty value counts as not given. */

export const FROM_ZERO_OR_EMPTY = '^\\d{0,15}$'
export const FROM_ONE_OR_EMPTY = '^([1-9]\\d*)?$'
export const FROM_ONE = '^[1-9]\\d{0,14}$'

const LEAST: ReadonlyMap<unknown, number> = new Map([
  [FROM_ZERO_OR_EMPTY, 0],
  [FROM_ONE_OR_EMPTY, 1],
  [FROM_ONE, 1],
])

/** The least number that a pattern allows, for error messages; null for any other pattern. */
export function leastNumberOf(pattern: unknown): number | null {
  return LEAST.get(pattern) ?? null
}
