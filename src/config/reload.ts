import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config.js'
import type { Channel } from '../conversation/channel.js'
import { freeze } from './freeze.js'
import type { SettingName } from './settings.js'

/** The result of reading the settings again in a running process. */
export interface Reloaded {
  readonly config: Config
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  /** The changed settings that are in effect now, besides the channels. */
  readonly settings: readonly SettingName[]
  readonly needsRestart: readonly SettingName[]
}

/**
 * Decides what a reload can change. The environment of a process is fixed, so only values from files differ; of those
 * only the connection to Redis needs a restart. An unchanged channel keeps its object.
 */
export function reloaded(before: Config, read: Config): Reloaded {
  const channels = new Map<string, Channel>()
  for (const [id, channel] of read.channels) {
    const old = before.channels.get(id)
    channels.set(id, isDeepStrictEqual(old, channel) ? old! : channel)
  }
  const ids = [...channels.keys()]
  const settings = SECRETS.filter(([, of]) => !isDeepStrictEqual(of(before), of(read))).map(([name]) => name)
  const { tokens, difyTokens } = read.api
  return {
    config: freeze({
      ...before,
      meta: read.meta,
      api: { ...before.api, tokens, difyTokens },
      channels,
      notify: read.notify,
    }),
    added: ids.filter((id) => !before.channels.has(id)),
    removed: [...before.channels.keys()].filter((id) => !channels.has(id)),
    changed: ids.filter((id) => before.channels.has(id) && before.channels.get(id) !== channels.get(id)),
    settings,
    needsRestart: isDeepStrictEqual(before.store, read.store) ? [] : [storeSetting(before, read)],
  }
}

function storeSetting(...configs: readonly Config[]): SettingName {
  return configs.some(({ store }) => store.is === 'sqlite') ? 'DATA_DIR' : 'REDIS_URL'
}

const SECRETS: readonly (readonly [SettingName, (config: Config) => unknown])[] = [
  ['META_APP_SECRETS', ({ meta }) => meta.appSecrets],
  ['META_VERIFY_TOKEN', ({ meta }) => meta.verifyToken],
  ['API_TOKENS', ({ api }) => api.tokens],
  ['DIFY_TOKENS', ({ api }) => api.difyTokens],
  ['NOTIFY_URL', ({ notify }) => notify?.url],
  ['NOTIFY_SECRET', ({ notify }) => notify?.secret],
]
