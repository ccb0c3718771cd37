import type { Channel } from '../../conversation/channel.js'
import { isInstagramLogin } from './instagram-login.js'
import { replaces, type TokenRecord } from './token-record.js'

/** The channels of the settings, each with the token that counts now: everything that sends, probes or fetches uses these. */
export interface CurrentChannels {
  get(channelId: string): Channel | undefined
  ids(): Iterable<string>
  all(): Iterable<Channel>
  /** As the settings have it. */
  configured(channelId: string): Channel | undefined
  /** The channels whose tokens can be refreshed, as the settings have them. */
  logins(): readonly Channel[]
  /** One of them. */
  login(channelId: string): Channel | undefined
  /** Called after the settings were reloaded. */
  use(configured: ReadonlyMap<string, Channel>): void
  /** Called when a record has changed. Whether another token counts now. */
  renew(channelId: string): boolean
}

export function createCurrentChannels(
  given: ReadonlyMap<string, Channel>,
  recordOf: (channelId: string) => TokenRecord | null,
): CurrentChannels {
  let configured = given
  let current = new Map<string, Channel>()

  /** `before`: what it was when the same settings were in effect. It stays if the token does: channels are compared by identity. */
  function withToken(channel: Channel, before: Channel | undefined): Channel {
    const record = isInstagramLogin(channel) ? recordOf(channel.id) : null
    if (record === null || record.token === null || !replaces(record, channel.token!)) return channel
    const { token, expiresAt } = record
    const isSame = before?.token === token && before.tokenExpiresAt === expiresAt
    return isSame ? before : Object.freeze({ ...channel, token, tokenExpiresAt: expiresAt })
  }

  function use(now: ReadonlyMap<string, Channel>): void {
    const next = new Map<string, Channel>()
    for (const [id, channel] of now) {
      next.set(id, withToken(channel, configured.get(id) === channel ? current.get(id) : undefined))
    }
    configured = now
    current = next
  }

  use(given)
  return {
    get: (channelId) => current.get(channelId),
    ids: () => current.keys(),
    all: () => current.values(),
    configured: (channelId) => configured.get(channelId),
    logins: () => [...configured.values()].filter(isInstagramLogin),
    login(channelId) {
      const channel = configured.get(channelId)
      return channel !== undefined && isInstagramLogin(channel) ? channel : undefined
    },
    use,
    renew(channelId) {
      const channel = configured.get(channelId)
      if (channel === undefined) return false
      const before = current.get(channelId)
      const after = withToken(channel, before)
      // An existing key keeps its place.
      current.set(channelId, after)
      return before?.token !== after.token
    },
  }
}
