import t from 'tap'
import { createMetrics } from '../../src/http/meter.js'

/** The samples that are not 0, without those of the process itself. */
const samplesOf = async (metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> => {
  const lines = (await metrics.text()).split('\n').filter((line) => /^message_router_(?!process_|nodejs_)/.test(line))
  const samples = lines.map((line) => line.slice('message_router_'.length).split(/ (?=[^ ]+$)/) as [string, string])
  return Object.fromEntries(samples.map(([name, value]) => [name, Number(value)]).filter(([, value]) => value !== 0))
}

const DEPTH = { due: 1, later: 2, withDeadLetters: 3 }

t.test('what is counted can be read in the words of Prometheus', async (t) => {
  const metrics = createMetrics('1.2.3')
  metrics.item('message', 'accepted', null)
  metrics.item('message', 'accepted', null)
  metrics.item('message', 'duplicate', null)
  metrics.item('unsupported', 'ignored', 'too_many', 510_000)
  metrics.item('echo', 'duplicate', 'own_message')
  metrics.item('read', 'ignored', 'unknown_channel')
  metrics.decided([
    { is: 'echo', author: 'bot', evidence: 'flag' },
    { is: 'flags', what: 'set', many: 2 },
    { is: 'flags', what: 'used', many: 1 },
    { is: 'flags', what: 'expired', many: 4 },
    { is: 'pause', reason: 'human_echo' },
    { is: 'share', what: 'held' },
    { is: 'dead_letter', reason: 'refused' },
    { is: 'left_before_takeover', many: 2 },
    { is: 'displaced', many: 4 },
  ])
  metrics.send('sent')
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
  })
})

t.test('nothing is counted that nobody knows of', async (t) => {
  t.throws(() => createMetrics('1.2.3').decided([{ is: 'nonsense' } as never]))
})

t.test('times are counted in seconds', async (t) => {
  const metrics = createMetrics('1.2.3')
  metrics.run('answer', 3_000)
  metrics.woken(20)
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
    'notifications_total{outcome="delivered"}': 2,
    'notifications_total{outcome="dropped"}': 1,
  })
})

t.test('what is looked up stands there while the store answers, and not from before', async (t) => {
  const metrics = createMetrics('1.2.3')
  const channels = { connected: 2, broken: 1, unknown: 0 }
  const store = { depth: DEPTH, channels, lastInboundAt: 5_000, lastEchoAt: 0 }
  const notifications = { many: 3, oldestSeconds: 1.5 }
  metrics.show({ openCircuits: 1, notifications, store, fileBytes: null })
  const found = {
    'build_info{version="1.2.3"}': 1,
    assistant_circuits_open: 1,
    notifications_waiting: 3,
    notifications_oldest_seconds: 1.5,
    store_up: 1,
    'queue_depth{state="due"}': 1,
    'queue_depth{state="later"}': 2,
    dead_letter_conversations: 3,
    'channels{state="connected"}': 2,
    'channels{state="broken"}': 1,
    last_inbound_timestamp_seconds: 5,
  }
  t.strictSame(await samplesOf(metrics), found)
  metrics.show({ openCircuits: 0, notifications: { many: 0, oldestSeconds: 0 }, store: null, fileBytes: null })
  t.strictSame(await samplesOf(metrics), { 'build_info{version="1.2.3"}': 1 })
  t.match(await metrics.text(), /^message_router_store_up 0$/m)
  t.notMatch(await metrics.text(), /^message_router_(dead_letter_conversations|last_\w+) /m)
  metrics.show({ openCircuits: 1, notifications, store, fileBytes: null })
  t.strictSame(await samplesOf(metrics), found)
})

t.test('a store in a file tells its size and how long it writes', async (t) => {
  const metrics = createMetrics('1.2.3')
  t.notMatch(await metrics.text(), /^message_router_store_file_bytes /m)
  metrics.stored(2)
  metrics.show({ openCircuits: 0, notifications: { many: 0, oldestSeconds: 0 }, store: null, fileBytes: 4096 })
  t.match(await samplesOf(metrics), {
    store_file_bytes: 4096,
    'store_commit_seconds_bucket{le="0.0025"}': 1,
    store_commit_seconds_sum: 0.002,
  })
})

t.test('the process itself is among what is told, and every name is ours', async (t) => {
  const text = await createMetrics('1.2.3').text()
  t.match(text, /^message_router_process_resident_memory_bytes \d+$/m)
  const names = text.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? [])
  t.ok(names.length > 20)
  t.strictSame(
    names.filter((name) => !name.startsWith('message_router_')),
    [],
  )
})
