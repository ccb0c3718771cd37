import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import t from 'tap'
import { warnOfFailures } from '../../src/tracing/exporting.js'

t.test('what could not be delivered is told of, once a minute', async (t) => {
  let now = 0
  let code = 0
  let isShut = false
  const warnings: object[] = []
  const inner: SpanExporter = {
    export: (_spans, done) => done(code === 0 ? { code } : { code, error: new Error('ECONNREFUSED') }),
    async shutdown() {
      isShut = true
    },
  }
  const log = { debug() {}, info() {}, error() {}, warn: (facts: object) => void warnings.push(facts) }
  const exporter = warnOfFailures(inner, log, () => now)
  const results: number[] = []
  const give = (many: number) =>
    exporter.export(Array<ReadableSpan>(many).fill({} as ReadableSpan), (result) => void results.push(result.code))
  give(1)
  code = 1
  give(2)
  now += 59_999
  give(3)
  now += 1
  give(4)
  t.same(results, [0, 1, 1, 1])
  t.same(warnings, [
    { spans: 2, reason: 'ECONNREFUSED' },
    { spans: 4, reason: 'ECONNREFUSED' },
  ])
  await exporter.shutdown()
  t.ok(isShut)
})
