import { isoTime } from '../../iso-time.js'

/** Columns for people. SQLite ends a text at a NUL, and UTF-8 cannot represent a lone surrogate. */

export function fitsColumn(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

export function columnOf(text: string | null): string | null {
  return text === null || fitsColumn(text) ? text : text.toWellFormed().replaceAll('\0', '')
}

/** Null for "never" and for an end that never comes: FOREVER is the last time that a Date can hold. */
export function isoColumn(at: number, never: number): string | null {
  return at === 0 || at >= never ? null : isoTime(at)
}
