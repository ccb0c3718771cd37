import { statSync } from 'node:fs'
import { join } from 'node:path'
import { GRAPH } from '../../config/channel.js'
import { type Row, withChannel, withToken } from '../../config/extend-channels.js'
import type { Account } from '../../meta/accounts.js'
import { printable } from '../../terminal/text.js'
import { EXIT, type Surroundings, Trouble } from '../command.js'
import { type ChannelsText, type Standing, textIn } from './open-channels.js'
import { replaceFile } from './replace-file.js'

/** Writes the channel and its token; what is right already is not touched. */

/** Only its owner reads it. */
const TOKEN_MODE = 0o600
/** The channels file holds no secret of ours. One that is there keeps its own. */
const CHANNELS_MODE = 0o644

/** The path of the file that holds the token now. */
export function save(
  channels: ChannelsText,
  account: Account,
  graphUrl: string,
  { env, readFile }: Pick<Surroundings, 'env' | 'readFile'>,
): string {
  const { file: target, folder, text } = channels
  const standing = channels.find(account.id)
  const variable = variableFor(standing, account, env)
  const file = env[`${variable}_FILE`]?.trim() || join(folder, variable)
  const written = `\${${variable}}`
  const next =
    standing === null ? withChannel(text, rowOf(account, written, graphUrl)) : retold(text!, standing, written)
  // The token first: a file that refers to one that is missing would not be read.
  const token = `${account.token}\n`
  if (textIn(file, readFile) !== token || !isPrivate(file)) replaceFile(file, token, TOKEN_MODE)
  if (next !== text) replaceFile(target, next, text === null ? CHANNELS_MODE : statSync(target).mode & 0o777)
  return file
}

function isPrivate(file: string): boolean {
  return (statSync(file).mode & 0o077) === 0
}

function retold(text: string, { index, writtenToken }: Standing, written: string): string {
  return writtenToken === written ? text : withToken(text, index, written)
}

/**
 * The variable of the channels file, where its value comes from a file. A value that stands in the file itself or in the
 * environment cannot be replaced, so that a variable of our own takes its place.
 */
function variableFor(standing: Standing | null, { id, platform }: Account, env: Surroundings['env']): string {
  const named = variableOf(standing)
  const own = `${platform.toUpperCase()}_TOKEN_${id}`
  const variable = named === null || env[named]?.trim() ? own : named
  if (!env[variable]?.trim()) return variable
  throw new Trouble(EXIT.failed, `${variable} is set in the environment: take it out, so that its file counts.`)
}

/** The variable that is the whole token; null where there is none. */
export function variableOf(standing: Standing | null): string | null {
  return /^\$\{([A-Za-z_]\w*)\}$/.exec(standing?.writtenToken ?? '')?.[1] ?? null
}

function rowOf({ id, platform, name, owner }: Account, token: string, graphUrl: string): Row {
  // The channels file takes no blank name, and reads these as a variable and as a value that is still to be put in.
  const isPlain = name !== null && /\S/.test(name) && !/\$\{|replace-?me/i.test(name)
  return {
    id,
    platform,
    ...(isPlain ? { name: printable(name) } : {}),
    token,
    ...(graphUrl === GRAPH[platform] ? {} : { graphUrl }),
    ...(owner === id ? {} : { sendAs: owner }),
  }
}
