import t from 'tap'
import type { Channel } from '../../src/conversation/channel.js'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import type { AskOutcome } from '../../src/engine/providers.js'
import { createSuggestions } from '../../src/engine/suggestions.js'
import { channelWith } from '../fixtures/channel.js'
import { ID } from '../fixtures/conversation.js'
import { answer, said } from '../fixtures/said.js'

const ASSISTANT = { url: 'https://dify.example', key: 'k', app: 'chat', replies: 'router', inputs: {} } as const
const CHANNEL: Channel = { ...channelWith(), assistant: ASSISTANT }
const NAMES = { ...NO_NAMES, messageId: 'm' }

t.test('an answer gets what Dify suggests, unless it has quick replies or nobody would send them', async (t) => {
  const asked: unknown[] = []
  const withSuggestions = createSuggestions({
    assistant: {
      async suggest(_assistant, user, answerId) {
        asked.push([user, answerId])
        return ['And in blue?']
      },
    },
  })
  t.match(await withSuggestions(answer('Hi'), CHANNEL, ID, NAMES), {
    is: 'answer',
    said: { text: 'Hi', quickReplies: ['And in blue?'] },
    conversationId: 'c',
  })
  t.strictSame(asked.splice(0), [[ID, 'm']])
  const offered: AskOutcome = { is: 'answer', said: said('Hi', [], ['Yes']), conversationId: null }
  const failed: AskOutcome = { is: 'failed', code: 'x', isWorthRetry: false }
  for (const [outcome, channel, names] of [
    [offered, CHANNEL, NAMES],
    [failed, CHANNEL, NAMES],
    [answer('Hi'), CHANNEL, NO_NAMES],
    [answer('Hi'), { ...CHANNEL, assistant: null }, NAMES],
    [answer('Hi'), { ...CHANNEL, assistant: { ...ASSISTANT, replies: 'dify' } }, NAMES],
  ] as const) {
    t.equal(await withSuggestions(outcome, channel, ID, names), outcome)
  }
  t.strictSame(asked, [])
})
