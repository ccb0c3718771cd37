import { asObject, type JsonObject, parseObject } from './json.js'

/** A workflow's answer among its outputs: by name, else its only text, else what it streamed. Numbers are no text. */
export function answerIn(outputs: unknown, streamed: string): string {
  // Asked about a run that is over, some versions give the outputs as a JSON text.
  const object = (typeof outputs === 'string' ? parseObject(outputs) : asObject(outputs)) ?? {}
  return named(object) ?? onlyText(object) ?? streamed
}

function named(outputs: JsonObject): string | null {
  for (const name of ['answer', 'text', 'result', 'output']) {
    const value = outputs[name]
    if (isText(value)) return value
  }
  return null
}

function onlyText(outputs: JsonObject): string | null {
  const texts = Object.values(outputs).filter(isText)
  return texts.length === 1 ? texts[0]! : null
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
