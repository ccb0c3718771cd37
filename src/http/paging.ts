import { Type } from '../schema.js'
import { FROM_ONE_OR_EMPTY } from './edge/number-text.js'

/** The parameters that all paged lists share. */

const DEFAULT_LIMIT = 50
const MOST_LIMIT = 500

export const Limit = Type.String({ pattern: FROM_ONE_OR_EMPTY, description: '50 by default, 500 at most.' })
export const PageCursor = Type.String({ description: 'The next_cursor of the page before.' })
export const NextCursor = Type.Union([Type.String(), Type.Null()])

export function limitOf(limit: string | undefined): number {
  return limit ? Math.min(Number(limit), MOST_LIMIT) : DEFAULT_LIMIT
}
