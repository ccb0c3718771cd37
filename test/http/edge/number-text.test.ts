import t from 'tap'
import { FROM_ONE, FROM_ONE_OR_EMPTY, FROM_ZERO_OR_EMPTY, leastNumberOf } from '../../../src/http/edge/number-text.js'

t.test('the patterns know their least number', async (t) => {
  for (const [pattern, least, good, bad] of [
    [FROM_ZERO_OR_EMPTY, 0, ['', '0', '12'], ['-1', '1.5', 'x']],
    [FROM_ONE_OR_EMPTY, 1, ['', '1', '500'], ['0', '-1', 'x']],
    [FROM_ONE, 1, ['1', '12'], ['', '0', 'x']],
  ] as const) {
    t.equal(leastNumberOf(pattern), least)
    for (const text of good) t.match(text, new RegExp(pattern))
    for (const text of bad) t.notMatch(text, new RegExp(pattern))
  }
  t.equal(leastNumberOf('^\\d{1,32}$'), null, 'an id')
  t.equal(leastNumberOf(undefined), null)
})
