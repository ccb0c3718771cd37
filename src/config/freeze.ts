/** Nobody changes a setting later, not even by mistake. Maps and sets are kept so by their types alone. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of value instanceof Map ? value.values() : Object.values(value)) freeze(part)
  return value
}
