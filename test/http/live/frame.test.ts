import t from 'tap'
import type { Channel } from '../../../src/conversation/channel.js'
import type { Notice } from '../../../src/conversation/notices.js'
import { changed } from '../../../src/conversation/state/changed.js'
import { conversationJson, messageJson } from '../../../src/http/json.js'
import { createRender, GAP } from '../../../src/http/live/frame.js'
import { channelWith } from '../../fixtures/channel.js'
import { conversation, HOUR, ID, message, START } from '../../fixtures/conversation.js'

const channel = channelWith()
const paused = conversation({
  causes: [{ until: START + HOUR, reason: 'human_echo', at: START, seq: 1, note: null }],
})

function frameOf(notice: Notice, on: Channel | undefined = channel, now = START) {
  const bytes = createRender(
    () => on,
    () => now,
  )({ cursor: 'c-1', state: paused, notice })
  return JSON.parse(String(bytes))
}

t.test('a new message is shown as in the history', async (t) => {
  const said = message({ text: 'hi', mid: 'm-1' })
  t.strictSame(frameOf({ is: 'said', message: said }), {
    id: 'c-1',
    type: 'chat_message',
    conversation_id: ID,
    data: { message: messageJson(said, paused, channel), external_send_result: null },
  })
})

t.test('a message that a person typed in Meta’s app is shown as sent', async (t) => {
  const typed = message({ type: 'support', status: 'sent', evidence: 'none' })
  for (const platform of ['instagram', 'facebook'] as const) {
    const { data } = frameOf({ is: 'said', message: typed }, { ...channel, platform })
    t.strictSame(data.external_send_result, { success: true, source: `${platform}_direct` })
  }
  for (const other of [{ fromApp: true }, { type: 'AI' }, { type: 'automation' }, { type: 'marketing' }] as const) {
    const { data } = frameOf({ is: 'said', message: changed(typed, other) })
    t.equal(data.external_send_result, null, JSON.stringify(other))
  }
})

t.test('a changed message is its status', async (t) => {
  const changed = message({ type: 'support', status: 'sent', readAt: START })
  t.strictSame(frameOf({ is: 'changed', message: changed }), {
    id: 'c-1',
    type: 'message_status',
    conversation_id: ID,
    data: { message: messageJson(changed, paused, channel) },
  })
})

t.test('a changed status is the conversation, as it is by now', async (t) => {
  const frame = frameOf({ is: 'status' })
  t.strictSame(frame.data, conversationJson(paused, channel, START))
  t.match(frame, { type: 'conversation_status', conversation_id: ID, data: { bot: { enabled: false } } })
  t.match(frameOf({ is: 'status' }, channel, START + 2 * HOUR), { data: { bot: { enabled: true } } })
})

t.test('entries of a removed channel have no frame', async (t) => {
  const render = createRender(
    () => undefined,
    () => START,
  )
  t.equal(render({ cursor: 'c-1', state: paused, notice: { is: 'status' } }), null)
})

t.test('a gap is said without an id', async (t) => {
  t.strictSame(JSON.parse(String(GAP)), { type: 'gap' })
})

t.test('an entry of an unknown channel has no frame', async (t) => {
  t.throws(() => frameOf({ is: 'something' } as unknown as Notice))
})
