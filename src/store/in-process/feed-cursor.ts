import { RouterError } from '../../engine/ports.js'

/** The cursor of a feed entry is its number in sixteen digits, so that cursors compare as texts too. */

const DIGITS = 16
const CURSOR = /^\d{16}$/

export function cursorOf(number: number): string {
  return String(number).padStart(DIGITS, '0')
}

/** The number in a cursor of a client; the `advice` says where valid cursors come from. */
export function numberOf(cursor: string, advice: string): number {
  if (!CURSOR.test(cursor)) throw new RouterError('invalid_request', advice)
  return Number(cursor)
}

export const FRAME_ADVICE = 'after: use the id of a frame.'
export const PAGE_ADVICE = 'cursor: use the next_cursor of a page.'
