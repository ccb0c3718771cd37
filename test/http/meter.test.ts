import { spawnSync } from 'node:child_process'
import { Registry } from 'prom-client'
import t from 'tap'
import { CONTENT_TYPE, createMetrics } from '../../src/http/meter.js'

/** The samples of ours that are not 0. */
const samplesOf = async (metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> => {
  const lines = (await metrics.text()).split('\n').filter((line) => /^message_router_/.test(line))
  const samples = lines.map((line) => line.slice('message_router_'.length).split(/ (?=[^ ]+$)/) as [string, string])
  return Object.fromEntries(samples.map(([name, value]) => [name, Number(value)]).filter(([, value]) => value !== 0))
}

t.test('all counters can be read in Prometheus’ format', async (t) => {
  const metrics = createMetrics('1.2.3', null)
  metrics.item('message', 'accepted', null, '1')
  metrics.item('message', 'accepted', null, '1')
  metrics.item('message', 'duplicate', null, '1')
  metrics.item('unsupported', 'ignored', 'too_many', '1', 510_000)
  metrics.item('echo', 'duplicate', 'own_message', '1')
  metrics.item('read', 'ignored', 'unknown_channel', '1')
  metrics.decided('1', [
    { is: 'echo', author: 'bot', evidence: 'flag' },
    { is: 'flags', what: 'set', many: 2 },
    { is: 'flags', what: 'used', many: 1 },
    { is: 'flags', what: 'expired', many: 4 },
    { is: 'pause', reason: 'human_echo' },
    { is: 'share', what: 'held' },
    { is: 'dead_letter', reason: 'refused' },
    { is: 'left_before_takeover', many: 2 },
    { is: 'displaced', many: 4 },
    { is: 'answered', ms: 6_500 },
  ])
  metrics.send('1', 'sent')
  metrics.liveClients(3)
  t.strictSame(await samplesOf(metrics), {
    'build_info{version="1.2.3"}': 1,
    echoes_displaced_total: 4,
    'events_total{event="message",outcome="accepted"}': 2,
    'events_total{event="message",outcome="duplicate"}': 1,
    'events_total{event="echo",outcome="duplicate"}': 1,
    'events_total{event="unsupported",outcome="ignored"}': 510_000,
    'events_total{event="read",outcome="ignored"}': 1,
    'duplicates_total{reason="redelivered"}': 1,
    'duplicates_total{reason="own_message"}': 1,
    'echoes_total{author="bot",evidence="flag"}': 1,
    flags_set_total: 2,
    flags_used_total: 1,
    flags_expired_total: 4,
    'pauses_total{reason="human_echo"}': 1,
    'shares_total{outcome="held"}': 1,
    'dead_letters_total{reason="refused"}': 1,
    sends_before_takeover_total: 2,
    'sends_total{outcome="sent"}': 1,
    live_clients: 3,
    ...Object.fromEntries(
      ['7.5', '10', '15', '20', '30', '45', '60', '90', '120', '300', '900', '3600', '+Inf'].map((le) => [
        `answer_seconds_bucket{le="${le}"}`,
        1,
      ]),
    ),
    answer_seconds_sum: 6.5,
    answer_seconds_count: 1,
  })
})

t.test('an unknown channel is not counted', async (t) => {
  t.throws(() => createMetrics('1.2.3', null).decided('1', [{ is: 'nonsense' } as never]))
})

t.test('durations are counted in seconds', async (t) => {
  const metrics = createMetrics('1.2.3', null)
  metrics.run('1', 'answer', 3_000)
  metrics.woken(20)
  metrics.committed(1.5)
  metrics.notification('delivered')
  metrics.notification('delivered')
  metrics.notification('dropped')
  t.match(await samplesOf(metrics), {
    'assistant_runs_total{outcome="answer"}': 1,
    'assistant_run_seconds_bucket{le="4"}': 1,
    'assistant_run_seconds_bucket{le="2"}': undefined,
    assistant_run_seconds_sum: 3,
    'wake_lag_seconds_bucket{le="0.025"}': 1,
    wake_lag_seconds_sum: 0.02,
    'webhook_commit_seconds_bucket{le="0.002"}': 1,
    'webhook_commit_seconds_bucket{le="0.001"}': undefined,
    webhook_commit_seconds_count: 1,
    'notifications_total{outcome="delivered"}': 2,
    'notifications_total{outcome="dropped"}': 1,
  })
})

t.test('a store in a file tells its size and how long it writes', async (t) => {
  const metrics = createMetrics('1.2.3', null)
  t.notMatch(await metrics.text(), /^message_router_store_file_bytes /m)
  metrics.stored(2)
  metrics.show({ openCircuits: 0, notifications: { many: 0, oldestSeconds: 0 }, store: null, fileBytes: 4096 })
  t.match(await samplesOf(metrics), {
    store_file_bytes: 4096,
    'store_commit_seconds_bucket{le="0.0025"}': 1,
    store_commit_seconds_sum: 0.002,
  })
})

t.test('the process tells of itself under the names that everybody uses', async (t) => {
  t.equal(CONTENT_TYPE, Registry.PROMETHEUS_CONTENT_TYPE)
  const metrics = createMetrics('1.2.3', null)
  metrics.watchProcess()
  const text = await metrics.text()
  t.match(text, /^process_resident_memory_bytes \d+$/m)
  t.match(text, /^nodejs_eventloop_lag_p99_seconds /m)
  const names = text.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? [])
  t.ok(names.length > 20)
  t.strictSame(
    names.filter((name) => !/^(message_router|process|nodejs)_/.test(name)),
    ['http_request_duration_seconds'],
  )
})

t.test('each channel has series of its own, where they are wanted', async (t) => {
  const tell = (metrics: ReturnType<typeof createMetrics>): void => {
    metrics.item('message', 'accepted', null, '1')
    metrics.item('postback', 'accepted', null, '1')
    metrics.item('message', 'duplicate', null, '1')
    metrics.item('message', 'accepted', null, '99')
    metrics.item('message', 'ignored', 'unknown_channel', null)
    metrics.item('read', 'accepted', null, '1')
    for (const id of ['1', '99']) {
      metrics.decided(id, [
        { is: 'echo', author: 'human', evidence: 'none' },
        { is: 'echo', author: 'bot', evidence: 'text' },
        { is: 'pause', reason: 'human_echo' },
        { is: 'pause', reason: 'api' },
        { is: 'dead_letter', reason: 'refused' },
        { is: 'backfilled', author: 'customer' },
        { is: 'backfilled', author: 'human' },
      ])
      for (const outcome of ['answer', 'failed', 'unknown', 'cancelled', 'handoff']) metrics.run(id, outcome, 1_000)
      for (const outcome of ['sent', 'later', 'dead']) metrics.send(id, outcome)
    }
  }
  const metrics = createMetrics('1.2.3', ['1', '2'])
  tell(metrics)
  t.match(await samplesOf(metrics), {
    'channel_messages_total{channel="1",author="customer"}': 3,
    'channel_backfilled_total{channel="1"}': 2,
    backfilled_total: 4,
    'channel_messages_total{channel="1",author="human"}': 1,
    'channel_messages_total{channel="1",author="bot"}': 1,
    'channel_takeovers_total{channel="1"}': 1,
    'channel_dead_letters_total{channel="1"}': 1,
    'channel_assistant_runs_total{channel="1",outcome="answered"}': 1,
    'channel_assistant_runs_total{channel="1",outcome="failed"}': 2,
    'channel_sends_total{channel="1",outcome="sent"}': 1,
    'channel_sends_total{channel="1",outcome="failed"}': 1,
  })
  const text = await metrics.text()
  t.match(text, 'message_router_channel_takeovers_total{channel="2"} 0\n')
  t.notMatch(text, 'channel="99"', 'a page that is not in the settings has no series')
  metrics.keepChannels(['1', '3'])
  const later = await metrics.text()
  t.match(later, 'message_router_channel_takeovers_total{channel="1"} 1\n')
  t.match(later, 'message_router_channel_takeovers_total{channel="3"} 0\n')
  t.notMatch(later, 'channel="2"')

  const without = createMetrics('1.2.3', null)
  tell(without)
  without.keepChannels(['1'])
  t.notMatch(await without.text(), /message_router_channel_|channel="/)
})

t.test('promtool accepts all names and help texts', async (t) => {
  const metrics = createMetrics('1.2.3', ['1'])
  metrics.notification('delivered')
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: await metrics.text(),
    encoding: 'utf8',
  })
  t.same({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' })
})
