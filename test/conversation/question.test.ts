import t from 'tap'
import type { Assistant } from '../../src/conversation/channel.js'
import { type Attachment, type Message, messageId } from '../../src/conversation/message.js'
import { type AskedQuestion, questionOf } from '../../src/conversation/question.js'
import { NOT_ASKING } from '../../src/conversation/state.js'
import { channelWith } from '../fixtures/channel.js'
import { conversation, ID, message, PICTURE, START } from '../fixtures/conversation.js'

const CHAT: Assistant = { url: 'https://dify.example/v1', key: 'k', app: 'chat', replies: 'router', inputs: {} }
const VOICE: Attachment = { kind: 'voice', url: 'https://cdn.example/1.mp4', title: null }
const FILE: Attachment = { kind: 'file', url: 'https://cdn.example/1.pdf', title: null }
const HIDDEN: Attachment = { kind: 'image', url: null, title: null }

function asked(messages: readonly Message[], changes: Partial<Assistant> = {}): AskedQuestion {
  return questionOf(conversation(), messages, { ...channelWith(), assistant: { ...CHAT, ...changes } }, null)
}

for (const [says, messages, query] of [
  ['one message is asked as it is', [message({ text: ' how much? ' })], ' how much? '],
  ['a burst is one question, oldest first', [message({ text: 'hi' }), message({ text: 'how much?' })], 'hi\nhow much?'],
  ['what has no words is named by its kind', [message({ text: null, kind: 'image' })], '[image]'],
  [
    'each of them',
    [message({ text: null, kind: 'voice' }), message({ text: ' ', kind: 'sticker' })],
    '[voice]\n[sticker]',
  ],
  ['but not where there are words too', [message({ text: null, kind: 'image' }), message({ text: 'this?' })], 'this?'],
] as const) {
  t.test(says, async (t) => {
    t.equal(asked(messages).query, query)
  })
}

t.test('pictures and voices go along, ten at the most; what has no address and other files do not', async (t) => {
  t.strictSame(asked([message({ attachments: [PICTURE, FILE, HIDDEN] }), message({ attachments: [VOICE] })]).files, [
    { type: 'image', url: PICTURE.url },
    { type: 'audio', url: VOICE.url },
  ])
  t.equal(asked([message({ attachments: Array.from({ length: 12 }, () => PICTURE) })]).files.length, 10)
})

t.test(
  'the assistant is told who asks where, besides the channel’s own inputs, which cannot say otherwise',
  async (t) => {
    const { inputs, id } = asked([message({ mid: 'm1' }), message({ mid: 'm2' })], {
      inputs: { shop: 'north', page_id: '999' },
    })
    t.equal(id, ID)
    t.strictSame(inputs, {
      shop: 'north',
      conversation_id: ID,
      page_id: '1',
      user_id: '2',
      platform: 'instagram',
      message_id: 'm2',
      customer_name: '',
    })
  },
)

t.test('a workflow gets the question as an input', async (t) => {
  t.equal(asked([message({ text: 'how much?' })], { app: 'workflow' }).inputs['query'], 'how much?')
  t.notOk('query' in asked([message()]).inputs)
})

t.test('a message without an id of Meta’s goes by ours, and none by none', async (t) => {
  t.equal(asked([message({ seq: 4 })]).inputs['message_id'], messageId(ID, START, 4))
  t.equal(asked([]).inputs['message_id'], '')
})

t.test('the question goes on in the conversation that Dify knows, or begins a new one', async (t) => {
  const state = conversation({ asking: { ...NOT_ASKING, assistantId: 'd-1' } })
  t.equal(questionOf(state, [message()], channelWith(), null).conversationId, 'd-1')
  t.equal(asked([message()]).conversationId, null)
})
