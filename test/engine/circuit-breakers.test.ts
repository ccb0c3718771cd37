import t from 'tap'
import { createCircuitBreakers } from '../../src/engine/circuit-breakers.js'
import type { AskReply } from '../../src/engine/providers.js'
import { channelWith } from '../fixtures/channel.js'

const ASSISTANT = { url: 'https://dify.example/v1', key: 'key', app: 'chat', replies: 'router', inputs: {} } as const
const CHANNEL = { ...channelWith(), assistant: ASSISTANT }
const DOWN: AskReply = { is: 'not_started', code: 'x', isWorthRetry: true, retryAfterMs: 0, isDown: true }

function watching() {
  const lines: string[] = []
  const note = (_facts: object, line: string): void => void lines.push(line)
  const log = { debug: note, info: note, warn: note, error: note }
  const clock = { now: 0 }
  return { clock, lines, circuits: createCircuitBreakers({ now: () => clock.now, log }) }
}

t.test('five failed replies in a row open a circuit, and a success closes it', async (t) => {
  const { clock, lines, circuits } = watching()
  for (const reply of [DOWN, { is: 'unknown', code: 'timeout' }, DOWN, DOWN] as const) {
    circuits.began(CHANNEL, ASSISTANT)(reply)
  }
  t.strictSame([circuits.open([CHANNEL]), circuits.acquire(CHANNEL, ASSISTANT), lines], [0, 0, []])
  circuits.began(CHANNEL, ASSISTANT)(DOWN)
  t.equal(circuits.open([CHANNEL]), 1)
  t.ok(circuits.acquire(CHANNEL, ASSISTANT) > 0)
  clock.now = circuits.acquire(CHANNEL, ASSISTANT)
  circuits.began(CHANNEL, ASSISTANT)({ is: 'failed', code: 'x', isWorthRetry: false })
  t.equal(circuits.open([CHANNEL]), 0)
  t.match(lines, [/^Dify does not work/, 'Dify answers again'])
})

t.test('a call that was given up, or never made, says nothing', async (t) => {
  const { lines, circuits } = watching()
  for (let i = 0; i < 5; i++) circuits.began(CHANNEL, ASSISTANT)(DOWN)
  for (const is of ['cancelled', 'stale'] as const) circuits.began(CHANNEL, ASSISTANT)({ is })
  t.equal(circuits.open([CHANNEL]), 1)
  t.equal(lines.length, 1)
})

t.test('each channel and each app has a circuit of its own', async (t) => {
  const { circuits } = watching()
  for (let i = 0; i < 5; i++) circuits.began(CHANNEL, ASSISTANT)(DOWN)
  t.equal(circuits.acquire({ ...CHANNEL, id: '7' }, ASSISTANT), 0)
  t.equal(circuits.acquire(CHANNEL, { ...ASSISTANT, key: 'new' }), 0)
})

t.test('a circuit counts as long as a channel has that assistant', async (t) => {
  const { circuits } = watching()
  for (let i = 0; i < 5; i++) circuits.began(CHANNEL, ASSISTANT)(DOWN)
  const other = { ...CHANNEL, assistant: { ...ASSISTANT, key: 'new' } }
  t.equal(circuits.open([CHANNEL, { ...CHANNEL, id: '7' }]), 1)
  t.equal(circuits.open([other]), 0, 'another key came with a reload')
  t.equal(circuits.open([{ ...CHANNEL, assistant: null }]), 0)
  t.equal(circuits.open([]), 0, 'the channel is gone')
})
