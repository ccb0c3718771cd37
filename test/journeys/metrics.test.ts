import t from 'tap'
import { tryMetrics } from '../fixtures/metrics-trial.js'

t.test('a real Prometheus sees what two replicas do, and tells of what goes wrong', async (t) => {
  await tryMetrics(t, 5)
})
