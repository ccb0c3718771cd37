import { resolve } from 'node:path'
import type { Surroundings } from '../command.js'
import type { ChannelsText, Standing } from './open-channels.js'

/** What is left to do once an account is connected. */
export function whatIsLeft(
  id: string,
  { row }: Standing,
  { path }: ChannelsText,
  { env }: Pick<Surroundings, 'env'>,
): string {
  const named = env['CHANNELS_FILE']?.trim()
  const hasFile = named !== undefined && named !== '' && resolve(named) === path
  return [
    ...(hasFile
      ? []
      : ['The router needs this setting beside its own:', '', `  export CHANNELS_FILE=${quoted(path)}`, '']),
    'A router that runs with CHANNELS_FILE takes the channel up on SIGHUP, without a restart: kill -HUP PID (docs/reload.md).',
    ...(env['CHANNEL_ID']?.trim() === id
      ? ['First take CHANNEL_ID out of its settings, which takes a restart: the file has this channel now.']
      : []),
    ...(row['dify'] === undefined
      ? ['To have it answered, give the channel its "dify" in the file (docs/settings.md#channels).']
      : []),
  ].join('\n')
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
