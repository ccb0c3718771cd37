import { accessSync, constants, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readChannelsFile } from '../../config/channels-file.js'
import { createLookup, reasonOf } from '../../config/environment.js'
import { placesIn } from '../../config/json-places.js'
import { id as accountId, httpUrl, type Kind } from '../../config/kinds.js'
import { createReport } from '../../config/report.js'
import { settings } from '../../config/settings.js'
import { isObject, type JsonObject } from '../../json.js'
import { EXIT, type Surroundings, Trouble } from '../command.js'

/** The channels file as it stands, for what connecting changes in it. */
export interface ChannelsText {
  readonly path: string
  /** What is written: another path where `path` is a link, which stays one. */
  readonly file: string
  /** Where the router looks for the tokens' files. */
  readonly folder: string
  /** Null for a file that is not there. */
  readonly text: string | null
  readonly find: (id: string) => Standing | null
}

/** A channel of the file. */
export interface Standing {
  readonly index: number
  /** With its variables replaced, and what is compared as the router reads it. */
  readonly row: JsonObject
  /** As it is written, such as `${NAME}`. */
  readonly writtenToken: string | null
  /** Null where it is not known here. */
  readonly token: string | null
}

/** Fails where the file is broken, or cannot be written. */
export function openChannels(given: string, { env, readFile }: Pick<Surroundings, 'env' | 'readFile'>): ChannelsText {
  const path = resolve(given)
  const file = realOf(path)
  const folder = dirname(path)
  for (const place of new Set([folder, dirname(file)])) {
    try {
      accessSync(place, constants.W_OK)
    } catch (error) {
      throw new Trouble(
        EXIT.failed,
        `Cannot write into ${place}, where channels and tokens stand (${reasonOf(error)}).`,
      )
    }
  }
  const text = textIn(path, readFile)
  if (text === null) return { path, file, folder, text, find: () => null }

  const report = createReport()
  const readOther = (other: string): string => (other === path ? text : readFile(other))
  const { rows } = readChannelsFile(path, readOther, createLookup(env, readFile, report), report)
  // Other channels may refer to variables that are not set here.
  if (rows.length === 0 && report.problems.length > 0) throw new Trouble(EXIT.failed, report.problems.join('\n'))

  return {
    path,
    file,
    folder,
    text,
    find(id) {
      const index = rows.findIndex((row) => isObject(row) && asRead(row)['id'] === id)
      if (index === -1) return null
      const row = asRead(rows[index] as JsonObject)
      const place = placesIn(text).fields.get('channels')!.items[index]!.fields.get('token')
      const written: unknown = place === undefined ? null : JSON.parse(text.slice(place.start, place.end))
      const token = row['token']
      return {
        index,
        row,
        writtenToken: typeof written === 'string' ? written : null,
        token: typeof token === 'string' && !token.includes(`\${`) ? token : null,
      }
    },
  }
}

const KINDS: Readonly<Record<string, Kind<string>>> = {
  id: accountId,
  platform: settings.CHANNEL_PLATFORM.kind,
  graphUrl: httpUrl,
  sendAs: accountId,
}

/** The router takes a blank around an id, `Facebook` for `facebook`, and a slash behind an address. */
function asRead(row: JsonObject): JsonObject {
  const read = Object.entries(row).map(([key, value]) => {
    const parsed = Object.hasOwn(KINDS, key) ? KINDS[key]!.parse(value) : null
    return [key, parsed?.is === 'ok' ? parsed.value : value]
  })
  return Object.fromEntries(read)
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Null for a file that is not there. */
export function textIn(path: string, readFile: Surroundings['readFile']): string | null {
  try {
    return readFile(path)
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return null
    throw new Trouble(EXIT.failed, `Cannot read ${path} (${reasonOf(error)}).`)
  }
}
