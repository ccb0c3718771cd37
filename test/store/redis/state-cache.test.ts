import t from 'tap'
import { type Remembered, waitingTexts } from '../../../src/store/redis/state-cache.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { conversation, message } from '../../fixtures/conversation.js'

const [one, two, three] = [1, 2, 3].map((seq) => message({ seq, text: `text ${seq}` })) as [
  ReturnType<typeof message>,
  ReturnType<typeof message>,
  ReturnType<typeof message>,
]
const remembered = (waiting: readonly string[]): Remembered => ({
  state: conversation({ waiting: [one, two] }),
  version: 'v',
  waiting,
  dueAt: null,
  isDoubtful: false,
})

t.test('what waited before is not encoded again, unless it has changed, moved or is not known', async (t) => {
  const texts = (before: Remembered, ...waiting: readonly (typeof one)[]) =>
    waitingTexts(before, conversation({ waiting }))
  const known = remembered(['one', 'two'])
  t.same(texts(known, one, two, three), ['one', 'two', encodeMessage(three)])
  t.same(texts(known, one, { ...two }), ['one', encodeMessage(two)])
  t.same(texts(known, two), [encodeMessage(two)])
  t.same(texts(known), [])
  t.same(texts(remembered([]), one), [encodeMessage(one)])
  t.same(texts({ ...known, state: null }, one), [encodeMessage(one)])
})
