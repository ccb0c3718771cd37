import t from 'tap'
import { graphemesOf } from '../../../src/conversation/text/graphemes.js'

t.test('what a reader sees as one character is one', async (t) => {
  const texts = ['e\u0301a', '👩‍👩‍👧!', 'क्षि', '']
  t.strictSame(
    texts.map((text) => [...graphemesOf(text)].map(({ segment }) => segment)),
    [['e\u0301', 'a'], ['👩‍👩‍👧', '!'], ['क्षि'], []],
  )
  t.equal(graphemesOf('👍🏽').containing(3)?.index, 0)
})
