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

/** All but what JSON writes as it is. Halves of surrogate pairs are left to `JSON.stringify`, which knows the pairs. */
const PERHAPS_ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

/** `JSON.stringify` of a text: most have nothing to escape, which a pattern finds out in a third of the time. */
export function jsonString(text: string): string {
  return PERHAPS_ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`
}
