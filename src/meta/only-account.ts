import type { Channel } from '../conversation/channel.js'
import type { OnlyAccount } from './delivery.js'

/** For entries without an id: they belong to the only channel of their platform, if there is just one. */
export function createOnlyAccount(channels: () => Iterable<Channel>): OnlyAccount {
  return (platform) => {
    const of = [...channels()].filter((channel) => channel.platform === platform)
    return of.length === 1 ? of[0]!.id : null
  }
}
