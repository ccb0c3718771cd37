import { Registry } from 'prom-client'
import t from 'tap'
import { createChannelMetrics } from '../../../src/http/metrics/channels.js'

const samplesOf = async (registry: Registry): Promise<readonly string[]> =>
  (await registry.metrics()).split('\n').flatMap((line) => /^message_router_channel_(\S+ \S+)$/.exec(line)?.[1] ?? [])

t.test('a channel has its counters from the start, and what the store knows once it is shown', async (t) => {
  const registry = new Registry()
  const channels = createChannelMetrics(registry, ['7', '8'])
  t.equal(channels.of('9'), undefined)
  channels.of('8')!.messages.customer += 2
  const atFirst = await samplesOf(registry)
  t.ok(atFirst.includes('messages_total{channel="7",author="customer"} 0'))
  t.ok(atFirst.includes('messages_total{channel="8",author="customer"} 2'))
  t.equal(atFirst.length, 2 * (4 + 2 + 2 + 1 + 1 + 1))

  channels.show(
    new Map([
      ['7', { isConnected: true, lastInboundAt: 1_500, lastEchoAt: 0 }],
      ['8', { isConnected: null, lastInboundAt: 0, lastEchoAt: 2_000 }],
    ]),
  )
  const gauges = (await samplesOf(registry)).filter((sample) => !sample.includes('_total'))
  t.strictSame(gauges, [
    'connected{channel="7"} 1',
    'last_inbound_timestamp_seconds{channel="7"} 1.5',
    'last_inbound_timestamp_seconds{channel="8"} 0',
    'last_echo_timestamp_seconds{channel="7"} 0',
    'last_echo_timestamp_seconds{channel="8"} 2',
  ])
  channels.show(null)
  t.strictSame(await samplesOf(registry), atFirst)
})

t.test('a channel that leaves the settings takes its series along, and one that stays keeps its counts', async (t) => {
  const registry = new Registry()
  const channels = createChannelMetrics(registry, ['7', '8'])
  channels.of('7')!.takeovers += 1
  channels.of('8')!.takeovers += 1
  channels.keep(['8', '9'])
  t.strictSame(
    (await samplesOf(registry)).filter((sample) => sample.startsWith('takeovers')),
    ['takeovers_total{channel="8"} 1', 'takeovers_total{channel="9"} 0'],
  )
})
