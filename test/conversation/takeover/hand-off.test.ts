import t from 'tap'
import { handOff, mayAnswer } from '../../../src/conversation/takeover/hand-off.js'
import { conversation, draftOf, frozen, given, HOUR, policy, START } from '../../fixtures/conversation.js'

t.test('a hand-off pauses the bot, and tells the customer where that is possible', async (t) => {
  for (const [changes, said] of [
    [{ handoffText: 'One moment' }, ['One moment']],
    [{ handoffText: null }, []],
    [{ handoffText: 'One moment', canSend: false }, []],
    [{ handoffText: 'One moment', hasAssistant: false }, []],
  ] as const) {
    const draft = draftOf(frozen(conversation({ seq: 4 })))
    handOff(given(draft, { policy: policy(changes), now: START }), { reason: 'assistant', seq: 4 })
    t.hasStrict(draft.state.causes, [{ reason: 'assistant', seq: 4, until: START + 6 * HOUR, note: null }])
    t.strictSame(
      draft.state.outbox.parts.map(({ message, leaves }) => [message.text, leaves]),
      said.map((text) => [text, 'as_farewell']),
    )
  }
})

t.test('a channel without an assistant or without a token has nothing to say', async (t) => {
  t.equal(mayAnswer(policy()), true)
  t.equal(mayAnswer(policy({ canSend: false })), false)
  t.equal(mayAnswer(policy({ hasAssistant: false })), false)
})
