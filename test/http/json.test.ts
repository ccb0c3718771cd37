import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { conversationJson, messageJson, timeOrNull } from '../../src/http/json.js'
import { conversation, HOUR, message, PICTURE, START } from '../fixtures/conversation.js'
import { configOf } from '../fixtures/settings.js'

const channel = configOf({}, [{ id: '1', platform: 'instagram' }]).channels.get('1')!
const AT = '2026-01-01T00:00:00.000Z'

t.test('a conversation without anything in it', async (t) => {
  t.same(conversationJson(conversation({ id: conversationIdOf('1', '2') }), channel, START), {
    id: '1-2',
    page_id: '1',
    user_id: '2',
    platform: 'instagram',
    state: 'open',
    bot: { enabled: true, paused_at: null, paused_until: null, reason: null, note: null },
    flags: 0,
    waiting: 0,
    customer: { id: '2', name: null, username: null, profile_pic: null },
    created_at: AT,
    last_message_at: null,
  })
})

t.test('a conversation that a person has, with open work', async (t) => {
  const cause = { until: START + 6 * HOUR, reason: 'human_echo', at: START, seq: 1, note: null } as const
  const flag = { at: START, until: START + 1, left: 2, text: null, idempotencyKey: null, parameters: '' }
  const state = conversation({
    causes: [cause],
    flags: [flag, { ...flag, until: START }],
    waiting: [message()],
    closedAt: START,
    lastMessageAt: START,
  })
  t.match(conversationJson(state, channel, START), {
    state: 'closed',
    bot: { enabled: false, paused_at: AT, paused_until: '2026-01-01T06:00:00.000Z', reason: 'human_echo', note: null },
    flags: 2,
    waiting: 1,
    last_message_at: AT,
  })
  t.match(conversationJson(state, channel, START + 6 * HOUR).bot, { enabled: true, reason: null })
})

t.test('a pause without an end has no end', async (t) => {
  const causes = [{ until: FOREVER, reason: 'api', at: START, seq: 0, note: 'holiday' }] as const
  t.same(conversationJson(conversation({ causes }), channel, START).bot, {
    enabled: false,
    paused_at: AT,
    paused_until: null,
    reason: 'api',
    note: 'holiday',
  })
})

t.test("a customer's message", async (t) => {
  const state = conversation({ id: conversationIdOf('1', '2') })
  t.same(messageJson(message({ mid: 'm', replyTo: 'm0', payload: 'P' }), state, channel), {
    id: `1-2-${START.toString(36)}-1`,
    seq: 1,
    conversation_id: '1-2',
    external_message_id: 'm',
    type: 'customer',
    message_type: 'text',
    content: 'hi',
    attachments: [],
    media_url: null,
    payload: 'P',
    status: 'received',
    reason: null,
    evidence: null,
    source: 'instagram',
    sent_from_app: false,
    is_ai_response: false,
    is_answered: false,
    reply_to: 'm0',
    share_id: null,
    reactions: [],
    read_at: null,
    edited_at: null,
    deleted_at: null,
    created_at: AT,
    customer: { id: '2', name: null, username: null, profile_pic: null },
    processing_status: 'pending',
    feedback: null,
    feedback_comment: null,
    feedback_at: null,
    transcription: null,
  })
})

t.test("a bot's picture that was reacted to, read, edited and deleted", async (t) => {
  const picture = message({
    type: 'AI',
    kind: 'image',
    text: null,
    attachments: [{ kind: 'other', url: null, title: null }, PICTURE],
    status: 'sent',
    evidence: 'message_id',
    source: 'Workflow',
    fromApp: true,
    reactions: [{ by: 'customer', emoji: '👍' }],
    readAt: START,
    editedAt: START,
    deletedAt: START,
  })
  t.match(messageJson(picture, conversation(), channel), {
    message_type: 'image',
    content: null,
    attachments: [
      { type: 'other', url: null, title: null },
      { type: 'image', url: PICTURE.url, title: null },
    ],
    media_url: PICTURE.url,
    evidence: 'message_id',
    source: 'Workflow',
    sent_from_app: true,
    is_ai_response: true,
    reactions: [{ by: 'customer', emoji: '👍' }],
    read_at: AT,
    edited_at: AT,
    deleted_at: AT,
    processing_status: 'completed',
    feedback: null,
    feedback_comment: null,
    feedback_at: null,
    transcription: null,
  })
})

t.test('a message of unknown outcome is under way until it is given up', async (t) => {
  const stands = (reason: 'unknown_outcome' | null) =>
    messageJson(message({ type: 'AI', status: 'unknown', reason }), conversation(), channel).processing_status
  t.same([stands(null), stands('unknown_outcome')], ['processing', 'failed'])
})

t.test('a status that nobody knows is a fault', async (t) => {
  t.throws(() => messageJson(message({ type: 'AI', status: 'surprise' as never }), conversation(), channel), /union/)
})

t.test('the processing status of a message follows its status and reason', async (t) => {
  const stands = (status: 'received' | 'processed' | 'skipped') => {
    const { processing_status, is_answered } = messageJson(message({ status }), conversation(), channel)
    return [processing_status, is_answered]
  }
  t.same(stands('received'), ['pending', false])
  t.same(stands('processed'), ['completed', true])
  t.same(stands('skipped'), ['skipped', false])
})

t.test('a time of zero is none', async (t) => {
  t.equal(timeOrNull(0), null)
  t.equal(timeOrNull(START), AT)
})

t.test('a question names the post that it was asked together with', async (t) => {
  const state = conversation({ id: conversationIdOf('1', '2') })
  t.match(messageJson(message({ seq: 4, shareSeq: 3 }), state, channel), {
    id: `1-2-${START.toString(36)}-4`,
    share_id: `1-2-${START.toString(36)}-3`,
  })
})

t.test('a post that waits for its question is still to be answered, one that waited in vain is not', async (t) => {
  const state = conversation()
  const held = message({ kind: 'share', reason: 'share_held' })
  t.match(messageJson(held, state, channel), { status: 'received', reason: 'share_held', processing_status: 'pending' })
  const expired = message({ kind: 'share', status: 'skipped', reason: 'share_expired' })
  t.match(messageJson(expired, state, channel), { reason: 'share_expired', processing_status: 'skipped' })
})

t.test('a customer whom Meta has told us about has a name and a picture, wherever he is shown', async (t) => {
  const profile = { name: 'Sara', username: 'sara_1', picture: 'https://cdn.example/s.jpg', at: START, isKnown: true }
  const state = conversation({ id: conversationIdOf('1', '2'), profile })
  const customer = { id: '2', name: 'Sara', username: 'sara_1', profile_pic: 'https://cdn.example/s.jpg' }
  t.same(conversationJson(state, channel, START).customer, customer)
  t.same(messageJson(message(), state, channel).customer, customer)
})
