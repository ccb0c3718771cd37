import t from 'tap'
import { parse } from 'yaml'
import { createMetrics } from '../../src/http/meter.js'
import { readProjectFile } from '../fixtures/project.js'

t.test('the alert rules watch over what is really exported', async (t) => {
  const text = readProjectFile('examples/prometheus/alerts.yaml')
  const metrics = createMetrics('1.2.3', ['1'])
  const exported = new Set(
    [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, kind]) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
  const { groups } = parse(text) as { groups: readonly { name: string; rules: readonly { expr: string }[] }[] }
  const rules = groups.flatMap(({ rules }) => rules)
  for (const rule of rules) {
    t.match(rule, {
      alert: /^MessageRouter\w+$/,
      expr: /message_router_/,
      labels: { severity: /^(critical|warning|info)$/ },
      annotations: { summary: /\w/, description: /\w/ },
    })
  }
  const named = new Set(rules.flatMap(({ expr }) => expr.match(/message_router_\w+/g) ?? []))
  t.ok(named.size >= 9)
  t.strictSame(
    [...named].filter((name) => !exported.has(name)),
    [],
  )
})
