import t from 'tap'
import { NONE } from '../../../src/conversation/state/none.js'
import { NOT_ASKING, newConversation } from '../../../src/conversation/state/state.js'
import { askedOf, askedRows } from '../../../src/store/rows/asked-row.js'
import { messageRow } from '../../../src/store/rows/message-row.js'
import { decodeState, encodeState } from '../../../src/store/rows/state-row.js'
import { conversation, ID, message, PICTURE, run, START } from '../../fixtures/conversation.js'

const picture = message({ seq: 1, text: null, attachments: [PICTURE] })
const [hi, there] = [message({ seq: 2, text: 'hi' }), message({ seq: 3, text: 'there' })]
const texts = (...all: readonly string[]) => all.map((text, i) => ({ text, at: START + i }))

t.test('a text is not stored again where a message of the question has it', async (t) => {
  const asking = { ...NOT_ASKING, run: run({ messages: [hi] }) }
  const state = conversation({ waiting: [picture, there], asking, asked: texts('there', 'hi', 'gone') })
  t.strictSame(askedRows(state), [
    [3, START],
    [2, START + 1],
    ['gone', START + 2],
  ])
  t.strictSame(decodeState(ID, encodeState(state)).asked, state.asked)
  const alone = conversation({ asked: texts('hi') })
  t.strictSame(askedRows(alone), [['hi', START]])
})

t.test('an older version’s texts are read, and numbers whose message it removed left out', async (t) => {
  const waiting = [picture, hi].map(messageRow)
  const rows = [['there', 1] as const, [1, 2] as const, [2, 3] as const, [9, 4] as const]
  t.strictSame(askedOf(rows, waiting), [
    { text: 'there', at: 1 },
    { text: 'hi', at: 3 },
  ])
  t.equal(askedOf(), NONE)
  t.equal(decodeState(ID, encodeState(newConversation(ID, START))).asked, NONE)
})
