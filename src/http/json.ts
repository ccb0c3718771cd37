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
  const { origin, outcome } = message
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
    payload: origin.payload,
    status: message.status,
    reason: outcome.reason,
    evidence: origin.evidence,
    source: origin.source ?? channel.platform,
    sent_from_app: origin.fromApp,
    is_ai_response: message.type === 'AI',
    is_answered: message.status === 'processed' && !outcome.answerUnsent,
    reply_to: origin.replyTo,
    share_id: outcome.shareSeq === 0 ? null : messageId(state.id, state.createdAt, outcome.shareSeq),
    reactions: outcome.reactions.map(({ by, emoji }) => ({ by, emoji })),
    read_at: timeOrNull(outcome.readAt),
    edited_at: timeOrNull(outcome.editedAt),
    deleted_at: timeOrNull(outcome.deletedAt),
    created_at: timeOrNull(message.at),
    customer: customerJson(state),
    processing_status: processingOf(message),
    feedback: outcome.feedback?.rating ?? null,
    feedback_comment: outcome.feedback?.comment ?? null,
    feedback_at: timeOrNull(outcome.feedback?.at ?? 0),
    transcription: outcome.transcription,
  }
}

function customerJson(state: Conversation) {
  const { name, username, picture } = state.profile
  return { id: userOf(state.id), name, username, profile_pic: picture }
}

/** The processing status of a message in one word: whether a customer's message was asked, or ours was sent. */
function processingOf({ status, outcome }: Message): MessageShape['processing_status'] {
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
      return outcome.reason === null ? 'processing' : 'failed'
    default:
      return unreachable(status)
  }
}

export function timeOrNull(at: number): string | null {
  return at === 0 ? null : isoTime(at)
}
