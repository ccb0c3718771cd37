import type { JsonObject } from '../json.js'
import { idAt } from './content.js'

/** The codes of errors that the Graph API answers. */

export interface GraphError {
  /** Null where the answer has no code. */
  readonly main: string | null
  readonly sub: string | null
  /** Both (`10/2534022`), or the HTTP status (`http_503`). Never free text, since it goes into logs and dead letters. */
  readonly code: string
}

export const RATE_LIMITS = ['4', '17', '32', '341', '613', '80001', '80002', '80006'] as const

/** Limits of a rate, and trouble of Meta's own: they pass, and say nothing about the token or the request. */
const PASSING: ReadonlySet<string> = new Set(['1', '2', ...RATE_LIMITS])

export function errorOf(status: number, error: JsonObject | null): GraphError {
  const main = codeAt(error, 'code')
  const sub = codeAt(error, 'error_subcode')
  return { main, sub, code: main === null ? `http_${status}` : sub === null ? main : `${main}/${sub}` }
}

/** Whether the same request may be answered later. */
export function isPassing(status: number, { main }: GraphError): boolean {
  return main === null ? status === 429 || status >= 500 : PASSING.has(main)
}

function codeAt(error: JsonObject | null, key: string): string | null {
  const code = idAt(error, key)
  return code !== null && /^-?\d{1,10}$/.test(code) ? code : null
}
