import { readdirSync } from 'node:fs'
import t from 'tap'
import { RouterError } from '../../src/engine/ports.js'
import { createTracing, loadPackages } from '../../src/tracing/tracing.js'
import { startCollector } from '../fixtures/collector.js'
import { inProject, readProjectFile } from '../fixtures/project.js'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

t.test('spans reach the collector, each below the one it is part of', async (t) => {
  const collector = await startCollector(t)
  const tracing = await createTracing({ endpoint: `${collector.url}/`, version: '1.2.3', log })
  t.notOk(tracing.isWithinSpan())
  const facts = { 'a.word': 'x', 'a.number': 3 }
  const result = tracing.span({ name: 'outer', kind: 'server', parent: PARENT, facts }, (outer) => {
    t.match(outer.traceparent, /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
    t.not(outer.traceparent, PARENT)
    t.ok(tracing.isWithinSpan())
    return tracing.span({ name: 'inner', kind: 'internal', facts: {} }, (inner) => {
      inner.note({ outcome: 'fine' })
      return 7
    })
  })
  t.equal(result, 7, 'what answers at once answers at once')
  const later = tracing.span({ name: 'later', kind: 'client', parent: null, facts: {} }, async () => {
    await tracing.span({ name: 'below', kind: 'client', facts: {} }, async () => 1)
    return 2
  })
  t.equal(await later, 2)
  await tracing.close()
  const [path] = collector.exports.map((each) => each.path)
  t.equal(path, '/v1/traces')
  const span = (name: string) => collector.spans.find((each) => each.name === name)!
  t.match(span('outer'), {
    traceId: PARENT.slice(3, 35),
    parentSpanId: PARENT.slice(36, 52),
    kind: 2,
    facts,
    failure: null,
  })
  t.match(span('outer').service, { 'service.name': 'message-router', 'service.version': '1.2.3' })
  t.match(span('inner'), {
    traceId: span('outer').traceId,
    parentSpanId: span('outer').spanId,
    facts: { outcome: 'fine' },
  })
  t.match(span('later'), { parentSpanId: '', kind: 3 })
  t.not(span('later').traceId, span('outer').traceId)
  t.equal(span('below').parentSpanId, span('later').spanId)
})

t.test('a failure goes on as it came, and its span says why', async (t) => {
  const collector = await startCollector(t)
  const tracing = await createTracing({ endpoint: collector.url, version: '1.2.3', log })
  const full = new RouterError('store_full', 'Memory is full.')
  const described = (name: string) => ({ name, kind: 'client', facts: {} }) as const
  t.throws(
    () =>
      tracing.span(described('at once'), () => {
        throw full
      }),
    full,
  )
  await t.rejects(
    tracing.span(described('later'), () => Promise.reject(new Error('secret words'))),
    { message: 'secret words' },
  )
  tracing.span(described('told'), (span) => span.fail('551'))
  await tracing.close()
  t.same(
    collector.spans.map(({ name, failure }) => [name, failure]),
    [
      ['at once', 'store_full'],
      ['later', 'internal_error'],
      ['told', '551'],
    ],
  )
  t.notMatch(JSON.stringify(collector.spans), 'secret words')
})

t.test('a trace that is not sampled goes on, and nothing of it is kept', async (t) => {
  const collector = await startCollector(t)
  const tracing = await createTracing({ endpoint: collector.url, version: '1.2.3', log })
  const parent = PARENT.replace(/01$/, '00')
  const given = tracing.span({ name: 'quiet', kind: 'server', parent, facts: {} }, ({ traceparent }) => traceparent)
  t.match(given, /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/)
  await tracing.close()
  t.same(collector.spans, [])
})

t.test('a collector that is away holds nobody up', async (t) => {
  const tracing = await createTracing({ endpoint: 'http://127.0.0.1:1', version: '1.2.3', log })
  tracing.span({ name: 'lost', kind: 'client', facts: {} }, () => {})
  const begun = performance.now()
  await tracing.close()
  t.ok(performance.now() - begun < 10_000)
})

t.test('without the packages it is said what to do', async (t) => {
  const load = () => Promise.reject(new Error("Cannot find package '@opentelemetry/api'"))
  await t.rejects(createTracing({ endpoint: 'http://127.0.0.1:1', version: '1', log }, load), {
    name: 'RouterError',
    message: /^OTEL_EXPORTER_OTLP_ENDPOINT needs the OpenTelemetry packages.*npm install/,
  })
  t.ok((await loadPackages()).api.trace)
})

t.test('nothing loads the packages before they are wanted', async (t) => {
  const files = readdirSync(inProject('dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  )
  const importing = files.filter((file) => readProjectFile(`dist/${file}`).includes('@opentelemetry/'))
  t.same(importing, ['tracing/tracing.js'])
  t.notMatch(readProjectFile('dist/tracing/tracing.js'), /^import .*@opentelemetry/m)
})
