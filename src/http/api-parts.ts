import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Conversation } from '../conversation/state/state.js'
import type { GiveFeedback, Log, ReadBody, Receive, Store } from '../engine/ports.js'
import type { Identify } from './edge/auth.js'
import type { Limits } from './edge/limits.js'

/** What the routes behind a bearer token need. */
export interface ApiParts {
  readonly store: Store
  readonly receive: Receive
  readonly log: Log
  readonly limits: Limits
  readonly readBody: ReadBody
  readonly identify: Identify
  readonly allChannels: () => Iterable<Channel>
  /** Learns of the tokens that other processes have refreshed. */
  readonly readTokens: () => Promise<void>
  readonly erase: (id: ConversationId, channel: Channel) => Promise<void>
  readonly giveFeedback: GiveFeedback
  /** Requests the profile of a customer who is shown to an operator. */
  readonly wantProfile: (state: Conversation) => void
  readonly channelOf: (id: ConversationId) => Channel | undefined
  /** Throws `unknown_channel` when the settings have no channel of that page. */
  readonly channelFor: (id: ConversationId) => Channel
}
