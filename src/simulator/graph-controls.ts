import { FAULT, FAULTS, type Fields, TEXT } from './control.js'
import type { PageSettings, Profile, SendFault, Webhook } from './graph-settings.js'
import type { ThreadsAnswer } from './graph-threads.js'
import type { Written } from './payload.js'
import type { Attempt } from './post.js'

/** What tests and people may order the pretended Graph API to do. */

export interface GraphControls {
  readonly webhook: (webhook: Webhook) => void
  /** Changes the given settings; `*` for all pages without their own. */
  readonly page: (settings: Partial<PageSettings> & { readonly page: string }) => void
  /** What happens to the page's next messages, or with `on: 'refresh'` when its token is refreshed. */
  readonly script: (script: {
    readonly page: string
    readonly on?: 'message' | 'refresh'
    readonly faults: readonly SendFault[]
  }) => void
  /** Null removes it. */
  readonly always: (standing: { readonly page: string; readonly fault: SendFault | null }) => void
  /** `*` for all other users. */
  readonly profile: (profile: Profile & { readonly user: string }) => void
  /**
   * Sends a webhook with a message of the customer or (with `echo`) of the shop. `lost`: the webhook never arrives, and
   * only the conversation has the message.
   */
  readonly write: (
    written: Omit<Written, 'platform' | 'timestamp'> & { readonly timestamp?: number; readonly lost?: boolean },
  ) => Promise<Attempt>
  /** What the next requests for conversations are answered instead. */
  readonly conversations: (script: { readonly page: string; readonly answers: readonly ThreadsAnswer[] }) => void
  /** Resolves when no echo is under way. */
  readonly settled: () => Promise<void>
  /** Clears calls and scripts; settings, profiles and conversations stay. */
  readonly reset: () => void
}

export const GRAPH_FIELDS: Readonly<Partial<Record<keyof GraphControls, Fields>>> = {
  webhook: { url: TEXT, secret: TEXT },
  page: { page: TEXT },
  script: { page: TEXT, faults: FAULTS },
  always: { page: TEXT, fault: FAULT },
  profile: { user: TEXT },
  write: { page: TEXT, user: TEXT },
  conversations: { page: TEXT, answers: FAULTS },
}
