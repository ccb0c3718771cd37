import { isObject } from '../json.js'
import type { Parser } from './kinds.js'
import { hintFor } from './nearest.js'
import type { Report } from './report.js'

/** A JSON object of the channels file, read key by key; null when a key is missing. */
export interface Sheet {
  readonly at: (key: string) => string
  readonly raw: (key: string) => unknown
  readonly take: <T>(key: string, kind: Parser<T>) => T | null
  /** Like `take`, for a required key; `meaning` says what to write. */
  readonly need: <T>(key: string, kind: Parser<T>, meaning: string) => T | null
  readonly sheet: (key: string) => Sheet | null
  readonly knows: (key: string) => boolean
  /** Warns of keys that were not read; they may belong into the `neighbour` object. */
  readonly done: (neighbour?: Sheet) => void
}

export function openSheet(value: unknown, path: string, report: Report): Sheet | null {
  if (!isObject(value)) {
    report.bad(`${path || 'the channels file'} must be an object: { ... }`)
    return null
  }
  const asked = new Set<string>()
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const raw = (key: string): unknown => {
    asked.add(key)
    return Object.hasOwn(value, key) ? (value[key] ?? null) : null
  }
  const take = <T>(key: string, kind: Parser<T>): T | null => {
    const given = raw(key)
    if (given === null) return null
    const parsed = kind.parse(given)
    if (parsed.is === 'ok') return parsed.value
    report.bad(`${at(key)} ${parsed.why}`)
    return null
  }
  return {
    at,
    raw,
    take,
    need: (key, kind, meaning) => {
      if (raw(key) === null) report.bad(`${at(key)} is required: ${meaning}`)
      return take(key, kind)
    },
    sheet: (key) => (raw(key) === null ? null : openSheet(raw(key), at(key), report)),
    knows: (key) => asked.has(key),
    done: (neighbour) => {
      for (const key of Object.keys(value).filter((each) => !asked.has(each))) {
        const hint = neighbour?.knows(key) ? `did you mean ${neighbour.at(key)}?` : hintFor(key, [...asked])
        report.warn(`${at(key)} is not known: ${hint}`)
      }
    },
  }
}
