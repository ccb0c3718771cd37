import type { ServerResponse } from 'node:http'
import { isObject } from '../json.js'
import { answerJson, type Received } from './listen.js'

/** A control takes one JSON object, from a program or over HTTP. */
export type Control = (input: never) => unknown

/** The readable values of a simulator, by name. */
export type Readings = Readonly<Record<string, () => unknown>>

/** A field that a control needs, or takes only in one form. */
export interface Field {
  /** What it must be, as an error says it. */
  readonly is: string
  readonly fits: (value: unknown) => boolean
}

export type Fields = Readonly<Record<string, Field>>

export const TEXT: Field = { is: 'a text', fits: (value) => typeof value === 'string' }
export const FAULT: Field = { is: 'an object, or null', fits: (value) => value === null || isObject(value) }
export const FAULTS: Field = {
  is: 'a list of objects',
  fits: (value) => Array.isArray(value) && value.every(isObject),
}

/** `POST /_control/{control}` and `GET /_control/{reading}`; false for all other requests. */
export async function answerControl(
  { method, path, body }: Received,
  response: ServerResponse,
  controls: Readonly<Record<string, Control>>,
  readings: Readings,
  /** By the name of the control. */
  fields: Readonly<Record<string, Fields>> = {},
): Promise<boolean> {
  const name = /^\/_control\/(\w+)$/.exec(path)?.[1]
  if (name === undefined) return false
  const known: Readonly<Record<string, Control>> = method === 'POST' ? controls : readings
  const control = Object.hasOwn(known, name) ? known[name] : undefined
  if (!control) {
    answerJson(response, 404, { error: `${method} knows ${Object.keys(known).join(', ')}` })
    return true
  }
  const expected = Object.entries(fields[name] ?? {})
  const given = body ?? {}
  if (!isObject(given) || expected.some(([field, { fits }]) => !fits(given[field]))) {
    const named = expected.map(([field, { is }]) => `${field} (${is})`).join(', ')
    answerJson(response, 400, { error: `${name} takes a JSON object${named === '' ? '' : ` with ${named}`}` })
    return true
  }
  try {
    answerJson(response, 200, (await control(given as never)) ?? {})
  } catch (error) {
    answerJson(response, 400, { error: String(error) })
  }
  return true
}
