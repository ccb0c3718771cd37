import { dirname, join } from 'node:path'
import { type Found, isPlaceholder, type Lookup, type ReadFile, reasonOf } from './environment.js'
import type { Report } from './report.js'
import { openSheet } from './sheet.js'

export interface ChannelsFile {
  readonly rows: readonly unknown[]
  /** The environment variables that the file refers to. */
  readonly used: ReadonlySet<string>
}

const complaint = (text: string): string => {
  try {
    JSON.parse(text)
    return ''
  } catch (error) {
    return (error as SyntaxError).message
  }
}

/**
 * Locates a JSON syntax error. The parser's message is not shown, because it quotes the text around the fault, which
 * may be a token. When the message has no position, the shortest prefix with the same fault is searched for.
 */
function faultOf(text: string): string {
  const whole = complaint(text)
  const position = / at position (\d+)/.exec(whole)?.[1]
  let [low, high] = [0, text.length]
  while (position === undefined && low < high) {
    const middle = (low + high) >> 1
    if (complaint(text.slice(0, middle)).startsWith('Unexpected token')) high = middle
    else low = middle + 1
  }
  const before = text.slice(0, position === undefined ? Math.max(0, high - 1) : Number(position)).split('\n')
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`
}

/** Nothing is as deep on purpose, and the walks over the settings would run out of stack some thousands deeper. */
const DEEPEST = 100

/** Replaces variables in string values, once: the inserted text is not searched again. */
function substitute(
  value: unknown,
  path: string,
  nameAt: (name: string, path: string) => string,
  report: Report,
  depth = 0,
): unknown {
  if (typeof value === 'string') {
    const text = value.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => nameAt(name, path))
    isPlaceholder(text, path, report)
    return text
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) {
    report.bad(`${path} is nested too deep: at most ${DEEPEST} levels are read`)
    return null
  }
  const within = (item: unknown, at: string): unknown => substitute(item, at, nameAt, report, depth + 1)
  if (Array.isArray(value)) return value.map((item, index) => within(item, `${path}[${index}]`))
  const entries = Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [key, within(item, path === '' ? key : `${path}.${key}`)]))
}

/**
 * The content of the file of this name in the channels file's folder, where `connect` writes tokens: a running process
 * gets no new variables, but reads this file on a reload. The name has no slash, so that it leads nowhere else.
 */
function besideIt(folder: string, name: string, readFile: ReadFile, report: Report): Found {
  const path = join(folder, name)
  try {
    const text = readFile(path).trim()
    if (text !== '') return { is: 'given', text }
    report.bad(`${name} is not set, and the file beside the channels file is empty: ${path}`)
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === 'ENOENT') return { is: 'absent' }
    report.bad(`${name} is not set, and the file beside the channels file cannot be read: ${path} (${reason})`)
  }
  return { is: 'broken' }
}

export function readChannelsFile(path: string, readFile: ReadFile, lookup: Lookup, report: Report): ChannelsFile {
  const used = new Set<string>()
  const nothing: ChannelsFile = { rows: [], used }
  const folder = dirname(path)
  const nameAt = (name: string, where: string): string => {
    used.add(name)
    const set = lookup(name, true)
    const found = set.is === 'absent' ? besideIt(folder, name, readFile, report) : set
    if (found.is === 'given') return found.text
    if (found.is === 'absent') {
      const beside = `put its value into the file ${join(folder, name)}`
      report.bad(`${where} needs ${name}, which is not set: set ${name} or ${name}_FILE, or ${beside}`)
    }
    return `\${${name}}`
  }

  let text: string
  try {
    text = readFile(path).replace(/^\uFEFF/, '')
  } catch (error) {
    report.bad(`CHANNELS_FILE names a file that cannot be read: ${path} (${reasonOf(error)})`)
    return nothing
  }
  if (complaint(text) !== '') {
    report.bad(`CHANNELS_FILE names a file that is not JSON: ${path}, ${faultOf(text)}`)
    return nothing
  }
  const sheet = openSheet(substitute(JSON.parse(text), '', nameAt, report), '', report)
  const rows = sheet?.raw('channels')
  sheet?.done()
  if (Array.isArray(rows)) return { rows, used }
  if (sheet !== null) report.bad('channels is required: {"channels": [{"id": ..., "platform": ...}]}')
  return nothing
}
