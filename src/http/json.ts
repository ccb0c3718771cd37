import type { Channel } from '../conversation/channel.js'
import { FOREVER } from '../conversation/channel.js'
import { liveFlags } from '../conversation/expected/flags.js'
import { pageOf, userOf } from '../conversation/ids.js'
import { pauseOf } from '../conversation/pause/pause.js'
import { type Message, messageId } from '../conversation/state/message.js'
import type { Conversation } from '../conversation/state/state.js'
import { unreachable } from '../conversation/text/unreachable.js'
import { isoTime } from '../iso-time.js'
import type { ConversationShape, MessageShape } from './shapes.js'

/** Conversations and messages in the shapes of the API. */

export function conversationJson(state: Conversation, channel: Channel, now: number): ConversationShape {
  const pause = pauseOf(state, now)
  return {
    id: state.id,
    page_id: pageOf(state.id),
    user_id: userOf(state.id),
    platform: channel.platform,
    state: state.closedAt > 0 ? 'closed' : 'open',
    bot: {
      enabled: pause === null,
      paused_at: pause === null ? null : timeOrNull(pause.at),
      paused_until: pause === null || pause.until >= FOREVER ? null : timeOrNull(pause.until),
      reason: pause?.reason ?? null,
      note: pause?.note ?? null,
    },
    flags: liveFlags(state, now),
    waiting: state.waiting.length,
    customer: customerJson(state),
    created_at: timeOrNull(state.createdAt),
    last_message_at: timeOrNull(state.lastMessageAt),
  }
}

export function messageJson(message: Message, state: Conversation, channel: Channel): MessageShape {
  return {
    id: messageId(state.id, state.createdAt, message.seq),
    seq: message.seq,
    conversation_id: state.id,
    external_message_id: message.mid,
    type: message.type,
    message_type: message.kind,
    content: message.text,
    attachments: message.attachments.map(({ kind, url, title }) => ({ type: kind, url, title })),
    media_url: message.attachments.find((each) => each.url !== null)?.url ?? null,
    payload: message.payload,
    status: message.status,
    reason: message.reason,
    evidence: message.evidence,
    source: message.source ?? channel.platform,
    sent_from_app: message.fromApp,
    is_ai_response: message.type === 'AI',
    is_answered: message.status === 'processed' && !message.answerUnsent,
    reply_to: message.replyTo,
    share_id: message.shareSeq === 0 ? null : messageId(state.id, state.createdAt, message.shareSeq),
    reactions: message.reactions.map(({ by, emoji }) => ({ by, emoji })),
    read_at: timeOrNull(message.readAt),
    edited_at: timeOrNull(message.editedAt),
    deleted_at: timeOrNull(message.deletedAt),
    created_at: timeOrNull(message.at),
    customer: customerJson(state),
    processing_status: processingOf(message),
    feedback: message.feedback?.rating ?? null,
    feedback_comment: message.feedback?.comment ?? null,
    feedback_at: timeOrNull(message.feedback?.at ?? 0),
    transcription: message.transcription,
  }
}

function customerJson(state: Conversation) {
  const { name, username, picture } = state.profile
  return { id: userOf(state.id), name, username, profile_pic: picture }
}

/** The processing status of a message in one word: whether a customer's message was asked, or ours was sent. */
function processingOf({ status, reason }: Message): MessageShape['processing_status'] {
  switch (status) {
    case 'received':
      return 'pending'
    case 'queued':
    case 'sending':
      return 'processing'
    case 'processed':
    case 'sent':
      return 'completed'
    case 'skipped':
    case 'cancelled':
      return 'skipped'
    case 'failed':
      return 'failed'
    // The message's echo is still awaited.
    case 'unknown':
      return reason === null ? 'processing' : 'failed'
    default:
      return unreachable(status)
  }
}

export function timeOrNull(at: number): string | null {
  return at === 0 ? null : isoTime(at)
}
