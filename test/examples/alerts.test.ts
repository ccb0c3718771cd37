import t from 'tap'
import { createMetrics } from '../../src/http/meter.js'
import { readProjectFile } from '../fixtures/project.js'

t.test('the alert rules watch over what is really exported', async (t) => {
  const rules = readProjectFile('examples/prometheus/alerts.yaml')
  const metrics = createMetrics('1.2.3')
  const exported = new Set(
    [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, kind]) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
  const named = new Set(rules.match(/message_router_\w+/g))
  t.ok(named.size >= 9)
  t.strictSame(
    [...named].filter((name) => !exported.has(name)),
    [],
  )
  t.equal(rules.match(/- alert: /g)?.length, rules.match(/summary: .+\n +description: .+/g)?.length)
})
