import t from 'tap'
import type { Message } from '../../../src/conversation/state/message.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { waitingTexts } from '../../../src/store/rows/waiting-texts.js'
import { conversation, message } from '../../fixtures/conversation.js'

t.test('what waited before is not encoded again, unless it has changed, moved or is not known', async (t) => {
  const one = message({ seq: 1, text: 'text 1' })
  const two = message({ seq: 2, text: 'text 2' })
  const three = message({ seq: 3, text: 'text 3' })
  const state = conversation({ waiting: [one, two] })
  const known = { state, waiting: ['one', 'two'] }
  const texts = (before: Parameters<typeof waitingTexts>[0], ...waiting: readonly Message[]) =>
    waitingTexts(before, conversation({ waiting }))
  t.same(texts(known, one, two, three), ['one', 'two', encodeMessage(three)])
  t.same(texts(known, one, { ...two }), ['one', encodeMessage(two)])
  t.same(texts(known, two), [encodeMessage(two)])
  t.same(texts(known), [])
  t.same(texts({ state, waiting: [] }, one), [encodeMessage(one)])
  t.same(texts({ state: null, waiting: [] }, one), [encodeMessage(one)])
})
