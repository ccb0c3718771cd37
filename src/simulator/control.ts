import type { ServerResponse } from 'node:http'
import { answerJson, type Received } from './listen.js'

/** A control takes one JSON object, from a program or over HTTP. */
export type Control = (input: never) => unknown

/** The readable values of a simulator, by name. */
export type Readings = Readonly<Record<string, () => unknown>>

/** `POST /_control/{control}` and `GET /_control/{reading}`; false for all other requests. */
export async function answerControl(
  { method, path, body }: Received,
  response: ServerResponse,
  controls: Readonly<Record<string, Control>>,
  readings: Readings,
): Promise<boolean> {
  const name = /^\/_control\/(\w+)$/.exec(path)?.[1]
  if (name === undefined) return false
  const known: Readonly<Record<string, Control>> = method === 'POST' ? controls : readings
  const control = Object.hasOwn(known, name) ? known[name] : undefined
  if (!control) {
    answerJson(response, 404, { error: `${method} knows ${Object.keys(known).join(', ')}` })
    return true
  }
  try {
    answerJson(response, 200, (await control((body ?? {}) as never)) ?? {})
  } catch (error) {
    answerJson(response, 400, { error: String(error) })
  }
  return true
}
