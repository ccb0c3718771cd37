import type { Said } from '../engine/providers.js'
import { asObject, type JsonObject, parseObject } from '../json.js'
import { outputFilesIn } from './files.js'

/** The answer in a workflow's outputs; `streamed` is the text of its chunks. */
export function saidIn(outputs: unknown, streamed: string): Said {
  // For a run that has ended, some versions return the outputs as JSON text.
  const object = (typeof outputs === 'string' ? parseObject(outputs) : asObject(outputs)) ?? {}
  return { text: textOf(object, streamed), files: outputFilesIn(object), quickReplies: quickRepliesIn(object) }
}

const NAMES = ['answer', 'text', 'result', 'output'] as const
/** Dify's name for a node's output with a schema. */
const STRUCTURED = 'structured_output'

/** The text by its name, else the only text, else the streamed text, else a text within a structured output. */
function textOf(outputs: JsonObject, streamed: string): string {
  return named(outputs) ?? onlyText(outputs) ?? (isText(streamed) ? streamed : (textWithin(outputs) ?? streamed))
}

/** Numbers do not count as text. */
function named(outputs: JsonObject): string | null {
  for (const name of NAMES) {
    const value = outputs[name]
    if (isText(value)) return value
  }
  return null
}

function onlyText(outputs: JsonObject): string | null {
  const texts = Object.values(outputs).filter(isText)
  return texts.length === 1 ? texts[0]! : null
}

function textWithin(outputs: JsonObject): string | null {
  for (const name of [...NAMES, STRUCTURED]) {
    const value = outputs[name]
    const object = asObject(value)
    const text = object === null ? paragraphs(value) : (named(object) ?? onlyText(object))
    if (text !== null) return text
  }
  return null
}

function paragraphs(value: unknown): string | null {
  return Array.isArray(value) && value.length > 0 && value.every(isText) ? value.join('\n\n') : null
}

/** Meta's limit. */
const MOST_REPLIES = 13
const LONGEST_REPLY = 1_000

export function quickRepliesIn(outputs: JsonObject): readonly string[] {
  return textsIn(outputs['quick_replies'] ?? asObject(outputs[STRUCTURED])?.['quick_replies'])
}

export function textsIn(given: unknown): readonly string[] {
  if (!Array.isArray(given)) return []
  return given
    .filter(isText)
    .slice(0, MOST_REPLIES)
    .map((text) => text.trim().slice(0, LONGEST_REPLY).toWellFormed())
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
