import { join, resolve } from 'node:path'
import type { Surroundings } from '../command.js'
import type { ChannelsText, Standing } from './open-channels.js'

/** What is left to do once an account is connected. */
export function whatIsLeft(
  id: string,
  variable: string | null,
  { row }: Standing,
  { path, folder }: ChannelsText,
  { env }: Pick<Surroundings, 'env'>,
): string {
  const isSet = (name: string): boolean => Boolean(env[name]?.trim())
  const hasFile = isSet('CHANNELS_FILE') && resolve(env['CHANNELS_FILE']!.trim()) === path
  const hasToken = variable === null || isSet(variable) || isSet(`${variable}_FILE`)
  const settings = [
    ...(hasFile ? [] : [`CHANNELS_FILE=${quoted(path)}`]),
    ...(hasToken ? [] : [`${variable}_FILE=${quoted(join(folder, variable))}`]),
  ]
  return [
    ...(settings.length === 0
      ? ['A router with these settings takes it up when it starts, and one that runs on SIGHUP (docs/reload.md).']
      : ['The router needs these settings beside its own when it starts:', '', `  export ${settings.join(' ')}`, '']),
    ...(env['CHANNEL_ID']?.trim() === id ? ['Take CHANNEL_ID out of them: the file has this channel now.'] : []),
    ...(row['dify'] === undefined
      ? ['To have it answered, give the channel its "dify" in the file (docs/settings.md#channels).']
      : []),
  ].join('\n')
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
