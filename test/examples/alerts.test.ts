import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { createMetrics } from '../../src/http/meter.js'
import { readDashboard } from '../fixtures/metrics-trial.js'
import { inProject, readProjectFile } from '../fixtures/project.js'

/** What a router and Prometheus itself export, by name. */
const exported = async (): Promise<ReadonlySet<string>> => {
  const text = await createMetrics('1.2.3', ['1']).text()
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', kind]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : name,
  )
  return new Set([...names, 'up'])
}
const namesIn = (expr: string): readonly string[] =>
  expr.match(/\b(message_router|http_request|process|nodejs)_\w+/g) ?? []

const promtool = async (...args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await promisify(execFile)('promtool', args, { cwd: inProject('examples/prometheus') })
  return stdout + stderr
}

const alerts = readProjectFile('examples/prometheus/alerts.yaml')
const { groups } = parse(alerts) as {
  groups: readonly { name: string; rules: readonly { alert: string; expr: string }[] }[]
}
const rules = groups.flatMap(({ rules }) => rules)

t.test('the alert rules watch over what is really exported', async (t) => {
  for (const rule of rules) {
    t.match(rule, {
      alert: /^MessageRouter\w+$/,
      labels: { severity: /^(critical|warning|info)$/ },
      annotations: { summary: /\w/, description: /\w/ },
    })
  }
  const known = await exported()
  const named = new Set(rules.flatMap(({ expr }) => namesIn(expr)))
  t.ok(named.size >= 15)
  t.strictSame(
    [...named].filter((name) => !known.has(name)),
    [],
  )
})

t.test('the dashboard uses only metrics that exist', async (t) => {
  const { panels } = readDashboard()
  const known = await exported()
  const named = new Set(panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => namesIn(expr))))
  t.ok(named.size >= 30)
  t.strictSame(
    [...named].filter((name) => !known.has(name)),
    [],
  )
  const ids = panels.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
})

t.test('promtool accepts the rules, and each fires when it should', async (t) => {
  t.match(await promtool('check', 'rules', 'alerts.yaml'), `SUCCESS: ${rules.length} rules found`)
  t.match(await promtool('test', 'rules', 'alerts.test.yaml'), 'SUCCESS')
  const tried = readProjectFile('examples/prometheus/alerts.test.yaml')
  t.strictSame(
    rules.map(({ alert }) => alert).filter((alert) => !tried.includes(`{alertname="${alert}"}`)),
    [],
    'each is seen to fire',
  )
})

t.test('the configuration that loads them is one', async (t) => {
  // The token is the operator's own.
  t.match(await promtool('check', 'config', '--syntax-only', 'prometheus.yml'), 'SUCCESS')
})
