import t from 'tap'
import { createSealedTokens } from '../../../src/store/memory/sealed-tokens.js'

t.test('a text is replaced by whoever knows the one before', async (t) => {
  const tokens = createSealedTokens()
  t.equal(tokens.replace('1', 'x', 'first'), false)
  t.equal(tokens.read('1'), null)
  t.equal(tokens.replace('1', null, 'first'), true)
  t.equal(tokens.replace('1', null, 'first'), true)
  t.equal(tokens.replace('1', null, 'second'), false)
  t.equal(tokens.replace('1', 'first', 'second'), true)
  t.equal(tokens.read('1'), 'second')
  t.equal(tokens.read('2'), null)
})
