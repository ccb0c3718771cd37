import { asObject, type JsonObject } from '../json.js'

/** Reads Dify's JSON without assuming that its values have the expected types. */

export function textIn(object: JsonObject, key: string): string {
  const value = object[key]
  return typeof value === 'string' ? value : ''
}

export function numberIn(object: JsonObject, key: string): number {
  const value = object[key]
  return typeof value === 'number' ? value : 0
}

/** The objects of the list `data`, in which Dify returns several. */
export function rowsOf(object: JsonObject): readonly JsonObject[] {
  const data = object['data']
  return Array.isArray(data) ? data.map(asObject).filter((row) => row !== null) : []
}
