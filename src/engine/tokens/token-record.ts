import { createHash } from 'node:crypto'

/** What the store keeps, sealed, of the token of an Instagram login. */
export interface TokenRecord {
  /** The refreshed token; null until Meta gave one. */
  readonly token: string | null
  /** When that ends; 0 without one. */
  readonly expiresAt: number
  /** No process asks Meta for a new one before. */
  readonly dueAt: number
  /** Requests in a row that Meta did not answer. */
  readonly failures: number
  /** Fingerprints of the settings' tokens that it replaces, the current one first. */
  readonly from: readonly string[]
}

const DAY_MS = 24 * 3_600_000
/** A token is refreshed so long before its end: enough for a person to act on the log where it fails. */
export const BEFORE_END_MS = 7 * DAY_MS
/** Meta refreshes no token that is younger. */
export const YOUNGEST_MS = DAY_MS
/** Older ones are forgotten; the token of the settings is always the first. */
const MOST_FINGERPRINTS = 10

/** Begins with a token of the settings that was not there before. Its age is unknown, so it is due at once. */
export function begun(settingsToken: string, before: TokenRecord | null): TokenRecord {
  return { token: null, expiresAt: 0, dueAt: 0, failures: 0, from: fromWith(settingsToken, before) }
}

export function refreshed(
  before: TokenRecord,
  settingsToken: string,
  given: { readonly token: string; readonly lifeMs: number },
  now: number,
): TokenRecord {
  const expiresAt = now + given.lifeMs
  const weekBefore = expiresAt - BEFORE_END_MS
  return {
    token: given.token,
    expiresAt,
    dueAt: weekBefore > now ? weekBefore : now + YOUNGEST_MS,
    failures: 0,
    from: fromWith(settingsToken, before),
  }
}

/**
 * Whether the record replaces this token of the settings. If not, an operator put it there later than the ones that the
 * record knows, and it counts.
 */
export function replaces(record: TokenRecord, settingsToken: string): boolean {
  return record.token === settingsToken || record.from.includes(fingerprintOf(settingsToken))
}

/**
 * The fingerprints of before stay: another process may still have the older settings, and must not take its token for
 * a newer one.
 */
function fromWith(settingsToken: string, before: TokenRecord | null): readonly string[] {
  const own = fingerprintOf(settingsToken)
  const others = before?.from.filter((each) => each !== own) ?? []
  return [own, ...others].slice(0, MOST_FINGERPRINTS)
}

function fingerprintOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

export function encodeRecord(record: TokenRecord): string {
  return JSON.stringify(record)
}

/** Null for what is no record. */
export function decodeRecord(text: string): TokenRecord | null {
  const told: unknown = parsed(text)
  if (typeof told !== 'object' || told === null) return null
  const { token, expiresAt, dueAt, failures, from } = told as Partial<Record<keyof TokenRecord, unknown>>
  if (token !== null && typeof token !== 'string') return null
  if (!isNumber(expiresAt) || !isNumber(dueAt) || !isNumber(failures)) return null
  if (!Array.isArray(from) || !from.every((each) => typeof each === 'string')) return null
  return { token, expiresAt, dueAt, failures, from }
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
