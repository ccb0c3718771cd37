import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { inState, listRule, type Terms } from '../../../src/conversation/state/list-rule.js'
import { conversation, message, START } from '../../fixtures/conversation.js'

const TERMS: Terms = { echoTtlMs: 0, repeatWindowMs: 10, flagTtlMs: 0, flagTailMs: 0 }
const asked = listRule(
  'asked',
  inState('asked', ({ asked }) => asked),
  {
    cap: 2,
    ends: ({ arrivedAt }, { repeatWindowMs }) => arrivedAt + repeatWindowMs,
    keep: ({ arrivedAt }) => arrivedAt + 5,
    atRest: ({ arrivedAt }) => arrivedAt + 100,
    text: ({ text }) => (text === '' ? null : text),
  },
)
const OLD = { text: 'old', arrivedAt: START }
const NEW = { text: 'longer', arrivedAt: START + 7 }
const state = conversation({ asked: [OLD, NEW] })

t.test('an item goes when it ends, and a list without such an item stays the same object', async (t) => {
  t.equal(asked.pruned(state, TERMS, START + 9), state)
  t.same(asked.pruned(state, TERMS, START + 10).asked, [NEW])
  t.same(asked.pruned(state, TERMS, START + 17).asked, [])
  t.equal(asked.size(state), 2)
})

t.test('an item at rest goes at its own time', async (t) => {
  t.equal(asked.rested(state, START + 99), state)
  t.same(asked.rested(state, START + 100).asked, [NEW])
})

t.test('the state is kept for the item that is needed longest', async (t) => {
  t.equal(asked.keepUntil(state), NEW.arrivedAt + 5)
  t.equal(asked.keepUntil(conversation()), 0)
})

t.test('only items with text count for the end of texts', async (t) => {
  t.equal(asked.wordsEnd(state, TERMS), START + 10)
  t.equal(asked.wordsEnd(conversation({ asked: [{ ...OLD, text: '' }] }), TERMS), FOREVER)
})

t.test('a text weighs two bytes a letter, a message what the store says', async (t) => {
  t.equal(
    asked.bytes(state, () => 1),
    2 * ('old'.length + 'longer'.length),
  )
  t.equal(
    asked.bytes(conversation({ asked: [{ ...OLD, text: '' }] }), () => 1),
    0,
  )
})

t.test('a list without messages has none to rewrite', async (t) => {
  t.equal(asked.rewritten(state, message()), state)
})

t.test('items that must stay do so at rest, and useless ones go', async (t) => {
  const rule = (atRest: 'stays' | 'goes') =>
    listRule(
      'asked',
      inState('asked', ({ asked }) => asked),
      { cap: 2, atRest },
    )
  t.equal(rule('stays').rested(state, FOREVER), state)
  t.equal(rule('goes').rested(conversation(), START).asked.length, 0)
  t.same(rule('goes').rested(state, START).asked, [])
  t.equal(
    rule('goes').bytes(state, () => 1),
    0,
    'without words nothing of it is counted by letters',
  )
})
