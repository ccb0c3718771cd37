import t from 'tap'
import { createHistogram } from '../../../src/http/metrics/histogram.js'

t.test('each bucket counts what took as long as its bound or less', async (t) => {
  const histogram = createHistogram([0.1, 1])
  for (const seconds of [0, 0.1, 0.5, 1, 1.5, 100]) histogram.observe(seconds)
  t.strictSame(histogram.samplesOf('it_seconds', { of: 'a' }), [
    { metricName: 'it_seconds_bucket', labels: { of: 'a', le: 0.1 }, value: 2 },
    { metricName: 'it_seconds_bucket', labels: { of: 'a', le: 1 }, value: 4 },
    { metricName: 'it_seconds_bucket', labels: { of: 'a', le: '+Inf' }, value: 6 },
    { metricName: 'it_seconds_sum', labels: { of: 'a' }, value: 103.1 },
    { metricName: 'it_seconds_count', labels: { of: 'a' }, value: 6 },
  ])
})

t.test('a histogram without observations is all zeros', async (t) => {
  t.strictSame(
    createHistogram([1])
      .samplesOf('it_seconds', {})
      .map(({ value }) => value),
    [0, 0, 0, 0],
  )
})
