import { Registry } from 'prom-client'
import t from 'tap'
import { createShowReadings } from '../../../src/http/metrics/readings.js'

const DEPTH = { due: 1, later: 2, withDeadLetters: 3 }
const NONE = { many: 0, oldestSeconds: 0 }

/** What is shown, as one object of samples. */
const looking = () => {
  const registry = new Registry()
  const show = createShowReadings(registry, 'mr_')
  const samples = async () => {
    const lines = (await registry.metrics()).split('\n').filter((line) => /^mr_/.test(line))
    return Object.fromEntries(lines.map((line) => line.slice('mr_'.length).split(' ') as [string, string]))
  }
  return { show, samples }
}

t.test('looked-up metrics are shown while the store answers, and no stale ones', async (t) => {
  const { show, samples } = looking()
  const channels = new Map([
    ['1', { isConnected: true, lastInboundAt: 5_000, lastEchoAt: 0 }],
    ['2', { isConnected: true, lastInboundAt: 0, lastEchoAt: 0 }],
    ['3', { isConnected: false, lastInboundAt: 2_000, lastEchoAt: 0 }],
  ])
  const found = { openCircuits: 1, notifications: { many: 3, oldestSeconds: 1.5 }, fileBytes: null }
  const shown = {
    assistant_circuits_open: '1',
    notifications_waiting: '3',
    notifications_oldest_seconds: '1.5',
    store_up: '1',
    'queue_depth{state="due"}': '1',
    'queue_depth{state="later"}': '2',
    dead_letter_conversations: '3',
    'channels{state="connected"}': '2',
    'channels{state="broken"}': '1',
    'channels{state="unknown"}': '0',
    last_inbound_timestamp_seconds: '5',
    last_echo_timestamp_seconds: '0',
  }
  show({ ...found, store: { depth: DEPTH, channels } })
  t.strictSame(await samples(), shown)
  show({ openCircuits: 0, notifications: NONE, store: null, fileBytes: null })
  t.strictSame(await samples(), {
    assistant_circuits_open: '0',
    notifications_waiting: '0',
    notifications_oldest_seconds: '0',
    store_up: '0',
  })
  show({ ...found, store: { depth: DEPTH, channels } })
  t.strictSame(await samples(), shown)
})

t.test('the size of a file stands there where the store is one', async (t) => {
  const { show, samples } = looking()
  show({ openCircuits: 0, notifications: NONE, store: null, fileBytes: 4096 })
  t.match(await samples(), { store_file_bytes: '4096' })
  show({ openCircuits: 0, notifications: NONE, store: null, fileBytes: null })
  t.notOk('store_file_bytes' in (await samples()))
})
