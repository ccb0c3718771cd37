import type { MessageKind } from '../conversation/state/message.js'
import type { SaidFile } from '../engine/providers.js'
import { asObject, type JsonObject } from '../json.js'
import { textIn } from './json.js'

/** Files in Dify's events, messages and workflow outputs. */

/** An answer has ten at most; repeats are removed later. */
export const MOST_FILES = 50
const LONGEST_ADDRESS = 4_096

/** Null for an object that is no file, and for a file of the customer. */
export function fileIn(object: JsonObject): SaidFile | null {
  const url = textIn(object, 'url') || textIn(object, 'remote_url')
  if (url === '' || url.length > LONGEST_ADDRESS || textIn(object, 'belongs_to') === 'user') return null
  return { kind: kindOf(object), url, name: textIn(object, 'filename').slice(0, 200).toWellFormed() || null }
}

export function filesIn(list: unknown): readonly SaidFile[] {
  if (!Array.isArray(list)) return []
  return list.slice(0, MOST_FILES).flatMap((each) => {
    const object = asObject(each)
    return (object === null ? null : fileIn(object)) ?? []
  })
}

/** Only outputs that declare themselves to be files; any other URL in them may mean something else. */
export function outputFilesIn(outputs: JsonObject): readonly SaidFile[] {
  const isFile = (value: unknown): boolean => asObject(value)?.['dify_model_identity'] === '__dify__file__'
  const all = Object.values(outputs).flatMap((value) => (Array.isArray(value) ? value.slice(0, MOST_FILES) : [value]))
  return filesIn(all.filter(isFile))
}

const KINDS: ReadonlyMap<string, MessageKind> = new Map([
  ['image', 'image'],
  ['audio', 'voice'],
  ['video', 'video'],
])

function kindOf(object: JsonObject): MessageKind {
  const [mediaType] = textIn(object, 'mime_type').split('/')
  return KINDS.get(textIn(object, 'type')) ?? KINDS.get(mediaType!) ?? 'file'
}
