import t from 'tap'
import { notificationsInWords, samplesIn, sumOf } from '../../../src/console/view/gauges.js'

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

t.test('the state of the notifications is told in few words', async (t) => {
  const none = { waiting: 0, oldestSeconds: 0, delivered: 5, failed: 0 }
  for (const [changes, words] of [
    [{}, 'waiting; 5 delivered'],
    [{ waiting: 2, oldestSeconds: 5.4 }, 'waiting, for 5 s at most; 5 delivered'],
    [{ waiting: 2, oldestSeconds: 190, failed: 1 }, 'waiting, for 3 min at most; 5 delivered, 1 try failed'],
    [{ waiting: 1, oldestSeconds: 7_300, failed: 3 }, 'waiting, for 2 h at most; 5 delivered, 3 tries failed'],
  ] as const) {
    t.equal(notificationsInWords({ ...none, ...changes }).replaceAll('\u00a0', ' '), words)
  }
})
