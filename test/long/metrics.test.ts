import t from 'tap'
import { alertRules, tryAlerts } from '../fixtures/alerts-trial.js'
import { tryMetrics } from '../fixtures/metrics-trial.js'
import { readProjectFile } from '../fixtures/project.js'

t.test('a real Prometheus scrapes two replicas for two minutes, and tells of what goes wrong', async (t) => {
  await tryMetrics(t, 120)
})

t.test('a real Prometheus sees every other alert fire', async (t) => {
  const seen = await tryAlerts(t)
  const before = readProjectFile('test/fixtures/metrics-trial.ts')
  t.strictSame(
    alertRules().flatMap(({ alert }) => (seen.has(alert) || before.includes(`fires('${alert}')`) ? [] : alert)),
    [],
  )
})
