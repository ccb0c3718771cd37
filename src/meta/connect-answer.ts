import { isObject, type JsonObject } from '../json.js'
import { textAt } from './content.js'
import { errorOf } from './graph-error.js'
import type { Told } from './graph-get.js'
import { parsed } from './send-outcome.js'

/** What Meta answers to the calls that connect an account; its refusals without the secrets that they may quote. */

export type Answered<T> = { readonly is: 'ok'; readonly value: T } | Refusal

export type Refusal =
  /** `said` is Meta's own text, if there is one. */
  | { readonly is: 'refused'; readonly code: string; readonly said: string | null }
  | { readonly is: 'lost'; readonly code: string }

const MOST_SAID = 300
/** Long runs of letters and digits are tokens; names of permissions have no digit. */
const LIKE_A_TOKEN = /(?=[\w-]*\d)[\w-]{24,}/g
const HIDDEN = '••••'

export function answerIn(told: Told, secrets: readonly string[]): Answered<JsonObject> {
  if (told.is === 'lost') return told
  const body = parsed(told.body)
  const error = body?.['error'] ?? null
  if (body !== null && error === null && told.status === 200) return { is: 'ok', value: body }
  const details = isObject(error) ? error : null
  const { code } = errorOf(told.status, details)
  // Shortened last: half of a secret would not be recognised.
  const said = textAt(details, 'message', told.body.length)
  return { is: 'refused', code, said: said === null ? null : withoutSecrets(said, secrets).slice(0, MOST_SAID) }
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  // The longest first: one may contain another.
  const known = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  return known.reduce((kept, secret) => kept.replaceAll(secret, HIDDEN), text).replace(LIKE_A_TOKEN, HIDDEN)
}
