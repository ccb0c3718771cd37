import t from 'tap'
import { CodeSpans } from '../../src/markdown/code-spans.js'
import { codesOf } from '../../src/markdown/codes.js'

t.test('code ends at the next run of as many ticks', async (t) => {
  const codes = codesOf('` `` a` ``` `` b`')
  const spans = new CodeSpans(codes, 0, codes.length - 1)
  t.equal(spans.endOf(1, 1), 6)
  t.equal(spans.endOf(2, 4), 12)
  t.equal(spans.endOf(1, 14), 16)
  t.equal(spans.endOf(3, 11), -1, 'nothing ends the last one')
})
