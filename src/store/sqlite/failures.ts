import { RouterError } from '../../engine/ports.js'

/** Translates SQLite's errors into the engine's; the message says what an operator can do. */

const FULL = 13
const READ_ONLY = 8
const CANNOT_OPEN = 14
const CORRUPT = 11
const NOT_A_DATABASE = 26
/** The file system's words for the same as READ_ONLY and CANNOT_OPEN. */
const NOT_PERMITTED = ['EACCES', 'EPERM', 'EROFS']

export function failureOf(error: unknown, path: string): RouterError {
  if (error instanceof RouterError) return error
  const options = { cause: error }
  switch (isNotPermitted(error) ? READ_ONLY : primaryCode(error)) {
    case FULL:
      return new RouterError('store_full', `The disk that holds ${path} is full: make room on it.`, options)
    case READ_ONLY:
    case CANNOT_OPEN:
      return new RouterError(
        'store_unavailable',
        `${path} cannot be opened or written: check that it, its directory and the file system are writable for this user.`,
        options,
      )
    case CORRUPT:
    case NOT_A_DATABASE:
      return damageOf(path, (error as Error).message, options)
    default:
      return new RouterError('store_unavailable', `${path} cannot be used: ${(error as Error).message}`, options)
  }
}

export function damageOf(path: string, what: string, options: ErrorOptions = {}): RouterError {
  return new RouterError(
    'store_unavailable',
    `${path} is damaged (${what}). Move it away and restore the last backup, or save what can be read with ` +
      `sqlite3 ${path} ".recover" | sqlite3 recovered.db`,
    options,
  )
}

/** SQLite's primary error code; null for any other error. */
export function primaryCode(error: unknown): number | null {
  const code = (error as { readonly errcode?: number } | null)?.errcode
  return typeof code === 'number' ? code & 0xff : null
}

function isNotPermitted(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code !== undefined && NOT_PERMITTED.includes(code)
}
