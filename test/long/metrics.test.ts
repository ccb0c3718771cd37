import t from 'tap'
import { tryMetrics } from '../fixtures/metrics-trial.js'

t.test('a real Prometheus scrapes two replicas for two minutes, and tells of what goes wrong', async (t) => {
  await tryMetrics(t, 120)
})
