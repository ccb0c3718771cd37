import t from 'tap'
import { NONE } from '../../../src/conversation/state/none.js'
import { NOT_ASKING, newConversation } from '../../../src/conversation/state/state.js'
import { askedOf, askedRows } from '../../../src/store/rows/asked-row.js'
import { messageRow } from '../../../src/store/rows/message-row.js'
import { decodeState, encodeState } from '../../../src/store/rows/state-row.js'
import { conversation, ID, message, PICTURE, run, START } from '../../fixtures/conversation.js'

const picture = message({ seq: 1, text: null, attachments: [PICTURE] })
const [hi, there] = [message({ seq: 2, text: 'hi' }), message({ seq: 3, text: 'there' })]
const texts = (...all: readonly string[]) => all.map((text, i) => ({ text, arrivedAt: START + i }))

t.test('neither a text nor its time is stored again where a message of the question has it', async (t) => {
  const asking = { ...NOT_ASKING, run: run({ messages: [hi] }) }
  const state = conversation({ waiting: [picture, there], asking, asked: texts('there', 'hi', 'gone') })
  t.strictSame(askedRows(state), [
    [3, 0],
    [2, START + 1],
    ['gone', START + 2],
  ])
  t.strictSame(decodeState(ID, encodeState(state)).asked, state.asked)
  const alone = conversation({ asked: texts('hi') })
  t.strictSame(askedRows(alone), [['hi', START]])
})

t.test('a text asked at no time is stored as such', async (t) => {
  const state = conversation({ waiting: [there], asked: [{ text: 'there', arrivedAt: 0 }] })
  t.strictSame(decodeState(ID, encodeState(state)).asked, state.asked)
})

t.test('an older version’s texts are read, and numbers whose message it removed left out', async (t) => {
  const waiting = [picture, hi].map(messageRow)
  const rows = [['there', 1] as const, [1, 2] as const, [2, 3] as const, [2, 0] as const, [9, 4] as const]
  t.strictSame(askedOf(rows, waiting), [
    { text: 'there', arrivedAt: 1 },
    { text: 'hi', arrivedAt: 3 },
    { text: 'hi', arrivedAt: START },
  ])
  t.equal(askedOf(), NONE)
  t.equal(decodeState(ID, encodeState(newConversation(ID, START))).asked, NONE)
})
