import type { Notice } from '../conversation/notices.js'
import type { Conversation } from '../conversation/state/state.js'

/** The live feed: what was committed, for WebSocket clients and the console. */

export interface FeedListener {
  entry(entry: FeedEntry): void
  /** Entries may have been missed: a subscriber that must be complete reads them from the feed. */
  broken(): void
}

export type StopListening = () => void

/** An entry of the live feed. */
export interface FeedEntry {
  /** Sorts, compared as text, after the cursor of every earlier entry of the conversation. */
  readonly cursor: string
  /** The state after the decision. */
  readonly state: Conversation
  readonly notice: Notice
}

export interface FeedPage {
  readonly entries: readonly FeedEntry[]
  /** Entries right after the cursor are no longer kept. */
  readonly isTooOld: boolean
  /** The limit was reached; more entries follow. */
  readonly isCut: boolean
}

export interface FeedPart {
  readonly entries: readonly FeedEntry[]
  /** Further entries follow. */
  readonly isCut: boolean
}
