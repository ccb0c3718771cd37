import type { ConversationId } from '../../conversation/ids.js'
import { type Conversation, newConversation } from '../../conversation/state/state.js'
import { type ProfileRow, profileOf, profileRow } from './profile-row.js'
import { withoutNothing } from './row.js'

/** The head of a feed entry: the data of the conversation that is shown along with a message. */

type HeadRow = readonly [id: ConversationId, createdAt: number, profile?: ProfileRow | null]

export function encodeHead({ id, createdAt, profile }: Conversation): string {
  return JSON.stringify(withoutNothing<HeadRow>([id, createdAt, profileRow(profile)]))
}

export function decodeHead(text: string): Conversation {
  const [id, createdAt, profile] = JSON.parse(text) as HeadRow
  return { ...newConversation(id, createdAt), profile: profileOf(profile) }
}
