/** JSON from elsewhere, of which nothing is known but that it parses. */
export type JsonObject = { readonly [key: string]: unknown }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null
}

export function parseObject(text: string): JsonObject | null {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

/** Control characters, quotes and backslashes. */
const ESCAPED = /[^ !#-[\]-\uffff]/

/**
 * `JSON.stringify` of a text: most have nothing to escape, which is found out in half of the time. JSON also escapes
 * lone halves of surrogate pairs.
 */
export function jsonString(text: string): string {
  return ESCAPED.test(text) || !text.isWellFormed() ? JSON.stringify(text) : `"${text}"`
}
