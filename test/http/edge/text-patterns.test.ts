import t from 'tap'
import { ID, ID_OR_EMPTY, SOURCE, TAG, WEB_ADDRESS, wordsFor } from '../../../src/http/edge/text-patterns.js'

t.test('the patterns are put into words', async (t) => {
  for (const [pattern, words, good, bad] of [
    [ID, /^an id/, ['1', '9'.repeat(32)], ['', 'x', '9'.repeat(33)]],
    [ID_OR_EMPTY, /^an id/, ['', '1'], ['x']],
    [SOURCE, /^a word/, ['', 'Newsletter 2', 'قیمت'], ['a\nb', 'x'.repeat(65)]],
    [TAG, /^one of Meta/, ['', 'HUMAN_AGENT'], ['human agent']],
    [WEB_ADDRESS, /^an address/, ['https://a.b', 'http://a'], ['ftp://a', 'https://', 'http:// a', 'https:///a']],
  ] as const) {
    t.match(wordsFor(pattern), words)
    for (const text of good) t.match(text, new RegExp(pattern, 'u'))
    for (const text of bad) t.notMatch(text, new RegExp(pattern, 'u'))
  }
  t.equal(wordsFor('^x$'), null)
})
