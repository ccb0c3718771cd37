import { Registry } from 'prom-client'
import t from 'tap'
import { expose } from '../../../src/http/metrics/expose.js'

t.test('the samples are asked for when the text is', async (t) => {
  const registry = new Registry()
  let count = 0
  expose(registry, { name: 'cats_total', help: 'Cats seen.', type: 'counter' }, () => [
    { labels: { fur: 'red "and" white' }, value: count },
    { metricName: 'cats_more', labels: { le: 1, at: '+Inf' }, value: 0.5 },
  ])
  count = 3
  t.equal(
    await registry.metrics(),
    '# HELP cats_total Cats seen.\n# TYPE cats_total counter\n' +
      'cats_total{fur="red \\"and\\" white"} 3\ncats_more{le="1",at="+Inf"} 0.5\n',
  )
  t.throws(() => expose(registry, { name: 'cats_total', help: 'Again.', type: 'gauge' }, () => []))
})
