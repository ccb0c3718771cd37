import t from 'tap'
import { samplesIn, sumOf } from '../../../src/console/view/gauges.js'

t.test('numbers are read from the text of /metrics', async (t) => {
  const samples = samplesIn(
    '# HELP a b\na 1\nq{state="due"} 2\nq{state="later",channel="1"} 3e1\nodd{x="a\\"b}"} 4\nnot a sample at all\nn NaN\n',
  )
  t.equal(sumOf(samples, 'a'), 1)
  t.equal(sumOf(samples, 'q'), 32)
  t.equal(sumOf(samples, 'q', { state: 'due' }), 2)
  t.equal(sumOf(samples, 'odd', { x: 'a\\"b}' }), 4)
  t.equal(sumOf(samples, 'missing'), null)
})
