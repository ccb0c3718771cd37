import type { MaybePromise } from './maybe-promise.js'

/** The refreshed tokens of channels: a text for each channel that only the router can read. It lasts as long as the store. */
export interface SealedTokens {
  read(channelId: string): MaybePromise<string | null>
  /**
   * Replaces the channel's text if it is still `expected`, null for none; false if it is not. True too where `sealed` is
   * there already, since a lost connection may have sent the command twice.
   */
  replace(channelId: string, expected: string | null, sealed: string): MaybePromise<boolean>
}
