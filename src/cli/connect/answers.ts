import { text as textOf } from 'node:stream/consumers'
import { GRAPH } from '../../config/channel.js'
import { bearer, id, type Kind } from '../../config/kinds.js'
import { settings } from '../../config/settings.js'
import type { Platform } from '../../conversation/channel.js'
import type { Login } from '../../meta/connect.js'
import { EXIT, type Surroundings, Trouble } from '../command.js'
import type { Values } from '../options.js'
import { firstIn, listIn, settingIn } from '../settings.js'
import type { Asker } from './asker.js'

/** Gathers what connecting takes: from options, from the environment, or by asking. */

interface Wanted {
  readonly login: Login
  /** Of the channels file. */
  readonly path: string
}

const PLATFORM = 'instagram (an Instagram login) or facebook (a Page, and an Instagram account behind a Page)'

export async function answersOf(values: Values, world: Surroundings, asker: Asker): Promise<Wanted> {
  const appSecrets = listIn(world, 'META_APP_SECRETS')
  const given = {
    platform: values.platform ?? (world.env['CHANNEL_PLATFORM']?.trim() || null),
    appId: values['app-id'] ?? firstIn(world, 'META_APP_IDS'),
    userToken: (await typedToken(values, world)) ?? settingIn(world, 'META_USER_TOKEN'),
  }
  const missing = [
    ...(appSecrets.length > 0
      ? []
      : ['META_APP_SECRETS is missing: the secret of your Meta app, as the router has it.']),
    ...(world.isTerminal
      ? []
      : [
          ...(given.platform === null ? [`--platform is missing: ${PLATFORM}.`] : []),
          ...(given.appId === null && given.platform?.toLowerCase() !== 'instagram'
            ? ['--app-id is missing: the id of your Meta app.']
            : []),
          ...(given.userToken === null
            ? ['--user-token is missing: a user token of your Meta app; META_USER_TOKEN keeps it off the command line.']
            : []),
        ]),
  ]
  if (missing.length > 0) throw new Trouble(EXIT.usage, missing.join('\n'))

  const platform = valid(
    'The platform',
    settings.CHANNEL_PLATFORM.kind,
    given.platform ?? (await asker.ask(`Platform, ${PLATFORM}: `)),
  )
  const appId = await appIdFor(platform, given.appId, asker)
  const userToken = valid(
    'The user token',
    bearer,
    given.userToken ?? (await asker.askHidden('User token of your Meta app (it is not shown): ')),
  )
  return {
    login: { platform, graphUrl: values['graph-url'] ?? GRAPH[platform], appId, appSecrets, userToken },
    path: values.channels ?? (world.env['CHANNELS_FILE']?.trim() || 'channels.json'),
  }
}

/** `-` is standard input, where a command line would be seen by others on this machine. */
async function typedToken({ 'user-token': typed }: Values, { input }: Surroundings): Promise<string | null> {
  if (typed !== '-') return typed ?? null
  return (await textOf(input)).trim() || null
}

/** An Instagram login needs none. */
async function appIdFor(platform: Platform, given: string | null, asker: Asker): Promise<string> {
  if (given === null && platform === 'instagram') return ''
  return valid('The app id', id, given ?? (await asker.ask('App id of your Meta app: ')))
}

function valid<T>(what: string, kind: Kind<T>, given: string): T {
  const parsed = kind.parse(given)
  if (parsed.is === 'bad') throw new Trouble(EXIT.usage, `${what} ${parsed.why}`)
  return parsed.value
}
