/** The engine's ports for tokens that are refreshed. */

/** Has Meta exchange the token of an Instagram login for one that ends later. */
export interface TokenRefresher {
  /** Never rejects. */
  refresh(graphUrl: string, token: string): Promise<RefreshOutcome>
  /** Aborts the requests under way. */
  close(): Promise<void>
}

/** `code` as in a send's outcome, or what was odd about the answer. */
export type RefreshOutcome =
  | { readonly is: 'refreshed'; readonly token: string; readonly lifeMs: number }
  | { readonly is: 'refused'; readonly code: string }
  /** No answer, or trouble of Meta's own that says nothing about the token. */
  | { readonly is: 'lost'; readonly code: string }

/** Encrypts what the store keeps of tokens. */
export interface Seal {
  /** The text can be opened for this channel alone. */
  close(channelId: string, text: string): string
  /** Null where it was closed with a key that is not known, for another channel, or was changed since. */
  open(channelId: string, sealed: string): Opened | null
}

export interface Opened {
  readonly text: string
  /** One of the keys of now does not open it: close it again, so that the other keys may go. */
  readonly lacksAKey: boolean
  /** A key that is not one of those of now opens it too. */
  readonly hasOtherKeys: boolean
}
