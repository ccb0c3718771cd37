import { accessSync, constants, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readChannelsFile } from '../../config/channels-file.js'
import { createLookup, type Found, reasonOf } from '../../config/environment.js'
import { placesIn } from '../../config/json-places.js'
import { createReport } from '../../config/report.js'
import { isObject, type JsonObject } from '../../json.js'
import { EXIT, type Surroundings, Trouble } from '../command.js'

/** The channels file as it stands, for what connecting changes in it. */
export interface ChannelsText {
  readonly path: string
  readonly folder: string
  /** Null for a file that is not there. */
  readonly text: string | null
  readonly find: (id: string) => Standing | null
}

/** A channel of the file. */
export interface Standing {
  readonly index: number
  /** With its variables replaced. */
  readonly row: JsonObject
  /** As it is written, such as `${NAME}`. */
  readonly writtenToken: string | null
  /** Null where it is not known here. */
  readonly token: string | null
}

/** Fails where the file is broken, or cannot be written. */
export function openChannels(given: string, { env, readFile }: Pick<Surroundings, 'env' | 'readFile'>): ChannelsText {
  const path = realOf(resolve(given))
  const folder = dirname(path)
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new Trouble(
      EXIT.failed,
      `Cannot write into ${folder}, where the channels file is to stand (${reasonOf(error)}).`,
    )
  }
  const text = textIn(path, readFile)
  if (text === null) return { path, folder, text, find: () => null }

  const report = createReport()
  const lookup = createLookup(env, readFile, report)
  // The router's environment need not be here: a token's file stands beside the channels file.
  const here = (name: string): Found => {
    const found = lookup(name, true)
    const beside = found.is === 'absent' ? textIn(join(folder, name), readFile)?.trim() : undefined
    return beside ? { is: 'given', text: beside } : found
  }
  const { rows } = readChannelsFile(path, () => text, here, report)
  // Other channels may refer to variables that are not set here.
  if (rows.length === 0 && report.problems.length > 0) throw new Trouble(EXIT.failed, report.problems.join('\n'))

  return {
    path,
    folder,
    text,
    find(id) {
      const index = rows.findIndex((row) => isObject(row) && row['id'] === id)
      if (index === -1) return null
      const row = rows[index] as JsonObject
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

/** A link stays one: what it leads to is changed. */
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
