import type { Channel } from '../../conversation/channel.js'
import type { ConversationId } from '../../conversation/ids.js'
import type { Notice } from '../../conversation/notices.js'
import type { Message } from '../../conversation/state/message.js'
import type { Conversation } from '../../conversation/state/state.js'
import { unreachable } from '../../conversation/text/unreachable.js'
import type { FeedEntry } from '../../engine/ports.js'
import { conversationJson, messageJson } from '../json.js'

/** Renders the frame for an entry of the feed; null when its channel is no longer in the settings. */
export type Render = (entry: FeedEntry) => Buffer | null

/** Sent when the feed no longer holds all entries that the client missed; the client then reads the history. */
export const GAP = Buffer.from('{"type":"gap"}')

export function createRender(channelOf: (id: ConversationId) => Channel | undefined, now: () => number): Render {
  return ({ cursor, state, notice }) => {
    const channel = channelOf(state.id)
    if (channel === undefined) return null
    const { type, data } = contentOf(notice, state, channel, now)
    return Buffer.from(JSON.stringify({ id: cursor, type, conversation_id: state.id, data }))
  }
}

function contentOf(notice: Notice, state: Conversation, channel: Channel, now: () => number) {
  switch (notice.is) {
    case 'said': {
      const message = messageJson(notice.message, state, channel)
      return { type: 'chat_message', data: { message, external_send_result: sentOutside(notice.message, channel) } }
    }
    case 'changed':
      return { type: 'message_status', data: { message: messageJson(notice.message, state, channel) } }
    case 'status':
      return { type: 'conversation_status', data: conversationJson(state, channel, now()) }
    default:
      return unreachable(notice)
  }
}

/** A person sent it from Meta's own app, so nothing is left to send. */
function sentOutside({ type, origin }: Message, { platform }: Channel) {
  return type === 'support' && !origin.fromApp ? { success: true, source: `${platform}_direct` } : null
}
