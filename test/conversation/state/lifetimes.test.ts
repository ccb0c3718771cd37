import t from 'tap'
import { LISTS } from '../../../src/conversation/state/lifetimes.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { newConversation } from '../../../src/conversation/state/state.js'
import { conversation, ID, message, part } from '../../fixtures/conversation.js'

const listsIn = (of: object): string[] => Object.keys(of).filter((key) => Array.isArray((of as never)[key]))

t.test('every list of the state stands in the table', async (t) => {
  const ofState = listsIn(newConversation(ID, 0))
  const ofOutbox = listsIn(NO_OUTBOX).map((key) => (key === 'setAside' ? 'partsSetAside' : key))
  t.same(
    LISTS.map(({ name }) => name),
    [...ofState, ...ofOutbox],
    'a new list needs its line in lifetimes.ts',
  )
})

t.test('a part carries the questions that it answers, and each of them is rewritten there alone', async (t) => {
  const [first, second] = [message({ seq: 1 }), message({ seq: 2 })]
  const answering = part({ message: message({ seq: 3, type: 'AI' }), answers: [first, second] })
  const state = conversation({ outbox: { ...NO_OUTBOX, parts: [answering] } })
  const edited = message({ seq: 2, text: 'edited' })
  const rewritten = LISTS.reduce((so, list) => list.rewritten(so, edited), state)
  t.same(rewritten.outbox.parts, [{ ...answering, answers: [first, edited] }])
})
