import Fastify from 'fastify'
import t from 'tap'
import { RouterError } from '../../../src/engine/ports.js'
import { createMetrics } from '../../../src/http/meter.js'
import { metrics } from '../../../src/http/routes/metrics.js'
import { appConfigOf, startApp } from '../../fixtures/app.js'
import { createDoor } from '../../fixtures/door.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { delivery, echoTo, fromCustomer } from '../../fixtures/webhooks.js'

t.test('the metrics need an API token and show what happened', async (t) => {
  const app = await startApp(t, {}, [{ id: '1', platform: 'instagram', name: 'my_shop', token: 'secret-page-token' }])
  const hi = fromCustomer('7', { mid: 'm-secret', text: 'secret words' }, { page: '1' })
  await app.deliver(delivery([hi, echoTo('7', { mid: 'e', text: 'secret answer' }, { page: '1' })], { page: '1' }))
  await app.deliver(delivery([hi], { page: '1' }))
  await app.deliver(delivery([{ ...hi, recipient: { id: '99' } }], { page: '99' }))
  t.equal((await app.call('/api/mark-bot-response?conversation_id=1-7', { method: 'POST' })).status, 200)
  const { status, headers, text } = await app.call('/metrics')
  t.equal(status, 200)
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/)
  for (const sample of [
    'events_total{event="message",outcome="accepted"} 1',
    'events_total{event="message",outcome="duplicate"} 1',
    'events_total{event="message",outcome="ignored"} 1',
    'echoes_total{author="human",evidence="none"} 1',
    'pauses_total{reason="human_echo"} 1',
    'flags_set_total 1',
    'queue_depth{state="later"} 1',
    'channels{state="unknown"} 1',
    'live_clients 0',
    'assistant_circuits_open 0',
    'store_up 1',
  ]) {
    t.ok(text.includes(`\nmessage_router_${sample}\n`), sample)
  }
  t.ok(Number(/^message_router_last_echo_timestamp_seconds (\S+)$/m.exec(text)?.[1]) > 1.7e9)
  t.match(text, 'message_router_channel_messages_total{channel="1",author="customer"} 1\n')
  t.match(text, 'message_router_channel_takeovers_total{channel="1"} 1\n')
  t.match(text, /^message_router_channel_last_inbound_timestamp_seconds\{channel="1"\} 1\d{9}/m)
  t.match(text, /^message_router_webhook_commit_seconds_count 3$/m)
  t.match(text, 'http_request_duration_seconds_count{method="POST",route="/webhook",status_code="200"} 3\n')
  t.notMatch(text, /secret|my_shop|1-7|"7"/)
  t.equal((await app.call('/metrics', { token: null })).status, 401)
  t.equal((await app.call('/metrics', { token: DIFY_TOKEN })).status, 403)
})

t.test('a channel that comes with a reload has its series, and none has with METRICS_CHANNELS=off', async (t) => {
  const one = { id: '1', platform: 'instagram', name: 'shop' }
  const two = { ...one, id: '2' }
  const app = await startApp(t, {}, [one])
  app.reload(appConfigOf({}, [two]))
  const { text } = await app.call('/metrics')
  t.match(text, 'message_router_channel_takeovers_total{channel="2"} 0\n')
  t.notMatch(text, 'channel="1"')
  const off = await startApp(t, { METRICS_CHANNELS: 'off' }, [one])
  off.reload(appConfigOf({ METRICS_CHANNELS: 'off' }, [two]))
  t.notMatch((await off.call('/metrics')).text, 'channel="')
})

t.test('the metrics say when the store is unreachable', async (t) => {
  const app = Fastify()
  const { store } = createDoor()
  await app.register(metrics, {
    metrics: createMetrics('1.2.3', ['1']),
    store: {
      ...store,
      async depth() {
        throw new RouterError('store_unavailable', 'The store is out of reach.')
      },
    },
    identify: async () => ({ is: 'api', key: 'k', name: 'api-1' }),
    allChannels: () => [],
    openCircuits: () => 2,
    waitingNotifications: () => ({ many: 4, oldestSeconds: 5 }),
    fileBytes: () => null,
  })
  const { statusCode, payload } = await app.inject('/metrics')
  t.equal(statusCode, 200)
  t.match(payload, /^message_router_store_up 0$/m)
  t.match(payload, /^message_router_assistant_circuits_open 2$/m)
  t.match(payload, /^message_router_notifications_waiting 4$/m)
  t.notMatch(payload, /queue_depth\{/)
})
