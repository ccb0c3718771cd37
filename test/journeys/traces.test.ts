import t from 'tap'
import { type CollectedSpan, startCollector } from '../fixtures/collector.js'
import { ID, openShop, USER, until } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid } from '../fixtures/webhooks.js'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

t.test('one trace leads from the webhook to the answer, and on into Dify', async (t) => {
  const collector = await startCollector(t)
  const shop = await openShop(t)
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100' }
  const router = await shop.start(environment)
  const ask = (text: string, traceparent?: string) =>
    router.deliver(
      delivery([fromCustomer(USER, { mid: newMid(), text })]),
      traceparent === undefined ? {} : { traceparent },
    )
  t.equal((await ask('how much?', `00-${TRACE}-${PARENT}-01`)).status, 200)
  await until(() => shop.sent().length === 1)
  const ofTrace = () => collector.spans.filter(({ traceId }) => traceId === TRACE)
  await until(() => ofTrace().some(({ name }) => name === 'send'))

  const span = (name: string): CollectedSpan => ofTrace().find((each) => each.name === name)!
  const [webhook, decision, commit, question, send] = [
    span('POST /webhook'),
    span('decision'),
    span('commit'),
    span('question'),
    span('send'),
  ]
  t.match(webhook, { parentSpanId: PARENT, kind: 2, failure: null })
  t.match(webhook.service, { 'service.name': 'message-router' })
  t.match(decision, { parentSpanId: webhook.spanId, facts: { 'message_router.conversation_id': ID } })
  t.match(decision.facts, { 'message_router.event': 'message', 'message_router.outcome': 'accepted' })
  t.match(commit, { parentSpanId: decision.spanId, facts: { 'message_router.outcome': 'committed' } })
  t.match(question, { parentSpanId: webhook.spanId, kind: 3, facts: { 'message_router.outcome': 'answer' } })
  t.match(send, { parentSpanId: webhook.spanId, kind: 3, facts: { 'message_router.outcome': 'sent' } })
  t.equal(shop.dify.calls[0]!.headers['traceparent'], `00-${TRACE}-${question.spanId}-01`, 'Dify goes on with it')
  t.notMatch(JSON.stringify(collector.spans), /how much/, 'no message text')

  await ask('and in blue?')
  await until(() => shop.sent().length === 2)
  await until(() => collector.spans.some(({ name, traceId }) => name === 'question' && traceId !== TRACE))
  const own = collector.spans.find(({ name, traceId }) => name === 'POST /webhook' && traceId !== TRACE)!
  t.equal(own.parentSpanId, '', 'Meta sends no trace: the webhook begins one')
  router.kill('SIGTERM')
  t.same(await router.exited, { code: 0, signal: null })
})

t.test('a collector that is away changes nothing', async (t) => {
  const shop = await openShop(t)
  const router = await shop.start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_BSP_SCHEDULE_DELAY: '100' })
  await shop.customer('hi')
  await until(() => shop.sent().length === 1)
  await until(
    () => router.log.filter(({ msg }) => msg.startsWith('traces could not be delivered')).length,
    (lines) => lines === 1,
    30_000,
  )
  router.kill('SIGTERM')
  t.same(await router.exited, { code: 0, signal: null })
  t.notOk(router.log.some(({ level }) => level >= 50))
})
