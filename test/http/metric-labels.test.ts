import t from 'tap'
import { createMetrics } from '../../src/http/meter.js'
import { LABELS } from '../../src/http/metric-labels.js'

t.test('every series of a labelled counter is there at 0 from the start', async (t) => {
  const text = await createMetrics('1.0.0', null).text()
  const series = text.split('\n').filter((line) => /^message_router_\w+_total\{/.test(line))
  t.ok(series.every((line) => line.endsWith(' 0')))
  t.equal(series.length, Object.values(LABELS).flat().length)
  for (const outcome of ['created', 'held', 'combined', 'replaced', 'expired', 'dropped']) {
    t.ok(series.includes(`message_router_shares_total{outcome="${outcome}"} 0`), outcome)
  }
  t.ok(series.includes('message_router_echoes_total{author="bot",evidence="flag"} 0'))
  t.ok(series.includes('message_router_events_total{event="echo",outcome="duplicate"} 0'))
})
