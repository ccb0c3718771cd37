import t, { type Test } from 'tap'
import type { Channel } from '../../src/conversation/channel.js'
import type { ChannelTrouble, Store } from '../../src/engine/ports.js'
import { createProbes, type Probes } from '../../src/engine/probes.js'
import type { ProbeOutcome } from '../../src/engine/providers.js'
import { channelWith } from '../fixtures/channel.js'
import { START } from '../fixtures/conversation.js'
import { createManualTimers, settled } from '../fixtures/manual-timers.js'

const HOUR = 3_600_000
const WORKS: ProbeOutcome = { is: 'works' }
const REFUSED: ProbeOutcome = { is: 'refused', code: '190/463' }

const channel = (id: string, token: string | null = `token-${id}`): Channel => ({ ...channelWith(), id, token })

interface World {
  readonly channels: Map<string, Channel>
  readonly troubles: Map<string, ChannelTrouble | null>
  readonly probed: Map<string, number>
  readonly asked: (readonly [number, string])[]
  readonly lines: string[]
  readonly outcomes: string[]
  readonly probes: Probes
  answer: (token: string) => Promise<ProbeOutcome>
  isStoreAway: boolean
  /** What is noted goes nowhere. */
  isForgetful: boolean
  isClosed: boolean
  pass(ms: number, steps?: number): Promise<void>
  start(): Promise<void>
  tokens(): readonly string[]
}

/** Probes over a clock that is turned by hand; what the prober answers may be changed, and may wait. */
function opened(t: Test, given: readonly Channel[]): World {
  let time = START
  const timers = createManualTimers(() => time)
  const channels = new Map(given.map((each) => [each.id, each]))
  const troubles = new Map<string, ChannelTrouble | null>()
  const probed = new Map<string, number>()
  const asked: (readonly [number, string])[] = []
  const lines: string[] = []
  const say = (level: string) => (facts: object, _message: string) => {
    const { channel, code } = facts as { channel: string; code?: string }
    lines.push(`${level} ${channel} ${code}`)
  }
  const world: World = {
    channels,
    troubles,
    probed,
    asked,
    lines,
    outcomes: [],
    answer: async () => WORKS,
    isStoreAway: false,
    isForgetful: false,
    isClosed: false,
    probes: createProbes({
      prober: {
        probe(graphUrl, token) {
          t.equal(graphUrl, 'https://graph.example')
          asked.push([time - START, token])
          return world.answer(token)
        },
        async close() {
          world.isClosed = true
        },
      },
      store: {
        now: () => time,
        noteChannel(id: string, what: string, at: number) {
          if (!world.isForgetful && what === 'probed') probed.set(id, at - START)
        },
        noteTrouble(id: string, trouble: ChannelTrouble | null) {
          if (!world.isForgetful) troubles.set(id, trouble)
        },
        async channelFacts(id: string) {
          if (world.isStoreAway) throw new Error('away')
          const lastProbedAt = START + (probed.get(id) ?? -START)
          return { lastInboundAt: 0, lastEchoAt: 0, lastSentAt: 0, lastProbedAt, trouble: troubles.get(id) ?? null }
        },
      } as unknown as Store,
      channelOf: (id) => channels.get(id),
      allIds: () => channels.keys(),
      probed: ({ id }, { is }) => void world.outcomes.push(`${id} ${is}`),
      log: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
      timers,
    }),
    async pass(ms: number, steps = 1): Promise<void> {
      for (let i = 0; i < steps; i++) {
        time += ms
        timers.run()
        await settled()
      }
    },
    async start(): Promise<void> {
      world.probes.start()
      await settled()
    },
    tokens: (): readonly string[] => asked.splice(0).map(([, token]) => token),
  }
  t.teardown(() => world.probes.stop())
  return world
}

t.test('every channel with a token is probed at start, a few a second, and again every hour', async (t) => {
  const world = opened(t, [channel('1'), channel('2', null), channel('3'), channel('4')])
  await world.start()
  await world.pass(200, 10)
  const round = [
    [0, 'token-1'],
    [200, 'token-3'],
    [400, 'token-4'],
  ] as const
  t.strictSame(world.asked, round)
  t.strictSame(
    [...world.probed],
    [
      ['1', 0],
      ['3', 200],
      ['4', 400],
    ],
  )
  t.strictSame(world.lines, [], 'nothing to say')
  await world.pass(HOUR - 2_000)
  await world.pass(200, 5)
  t.strictSame(
    world.asked.slice(3),
    round.map(([at, token]) => [at + HOUR, token]),
  )
})

t.test('a refused token is trouble with its code, and said every hour', async (t) => {
  const world = opened(t, [channel('1')])
  world.answer = async () => REFUSED
  await world.start()
  t.strictSame(world.troubles.get('1'), { at: START, code: '190/463' })
  await world.pass(HOUR)
  t.strictSame(world.troubles.get('1'), { at: START + HOUR, code: '190/463' })
  t.strictSame(world.lines, ['error 1 190/463', 'error 1 190/463'])
  t.equal(world.probed.size, 0)
  world.answer = async () => WORKS
  await world.pass(HOUR)
  t.equal(world.troubles.get('1'), null)
  t.strictSame([...world.probed], [['1', 2 * HOUR]])
  t.equal(world.lines.at(-1), 'info 1 190/463')
})

t.test('a probe without a clear answer changes nothing', async (t) => {
  const world = opened(t, [channel('1')])
  const trouble = { at: 1, code: '190' }
  world.troubles.set('1', trouble)
  world.answer = async () => ({ is: 'unknown', code: 'ECONNREFUSED' })
  await world.start()
  t.equal(world.troubles.get('1'), trouble)
  t.equal(world.probed.size, 0)
  t.strictSame(world.lines, ['debug 1 ECONNREFUSED'])
})

t.test('a permission that a send lacked is not disproved by a token that works', async (t) => {
  const world = opened(t, [channel('1')])
  world.troubles.set('1', { at: 1, code: '200' })
  await world.start()
  t.ok(world.troubles.get('1'), 'nor by the first probe of a process')
  for (const [code, stays] of [
    ['200', true],
    ['10/2018', true],
    ['1901', true],
    ['190', false],
    ['190/463', false],
    ['no_token', false],
  ] as const) {
    world.troubles.set('1', { at: 1, code })
    await world.pass(HOUR)
    t.equal(world.troubles.get('1') !== null, stays, code)
  }
  world.troubles.set('1', { at: 1, code: '200' })
  world.channels.set('1', channel('1', 'another'))
  world.probes.soon(['1'])
  await world.pass(200)
  t.equal(world.troubles.get('1'), null, 'with another token it is another matter')
})

t.test('new and changed channels are probed next, removed ones not at all', async (t) => {
  const world = opened(
    t,
    ['1', '2', '3', '4'].map((id) => channel(id)),
  )
  await world.start()
  world.channels.delete('2')
  world.channels.set('4', channel('4', 'new-4'))
  world.channels.set('5', channel('5'))
  world.probes.soon(['5', '4'])
  await world.pass(200, 10)
  t.strictSame(world.tokens(), ['token-1', 'token-5', 'new-4', 'token-3'])
  world.probes.soon(['3'])
  t.strictSame(world.tokens(), ['token-3'], 'at once, where nobody waits')
})

t.test('the result for a token that is no longer in the settings is ignored', async (t) => {
  const world = opened(t, [channel('1', 'old')])
  let answer = (_outcome: ProbeOutcome): void => {}
  world.answer = (token) =>
    token === 'old'
      ? new Promise((resolve) => {
          answer = resolve
        })
      : Promise.resolve(WORKS)
  await world.start()
  world.channels.set('1', channel('1', 'new'))
  world.probes.soon(['1'])
  await world.pass(200)
  answer(REFUSED)
  await settled()
  t.notOk(world.troubles.has('1'))
  t.strictSame([...world.probed], [['1', 200]])
  t.strictSame(world.lines, [])
})

t.test('known trouble that cannot be read now is read again', async (t) => {
  const world = opened(t, [channel('1')])
  world.troubles.set('1', { at: 1, code: '190' })
  world.isStoreAway = true
  await world.start()
  t.match(world.troubles.get('1'), { code: '190' })
  world.isStoreAway = false
  await world.pass(1_000)
  t.equal(world.troubles.get('1'), null)
  t.strictSame(world.tokens(), ['token-1'])
})

t.test('after the stop nothing is probed and nothing noted', async (t) => {
  const world = opened(t, [channel('1'), channel('2')])
  let answer = (_outcome: ProbeOutcome): void => {}
  world.answer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  await world.start()
  const stopping = world.probes.stop()
  let isOver = false
  stopping.then(() => {
    isOver = true
  })
  await settled()
  t.ok(world.isClosed)
  t.notOk(isOver, 'what is under way is waited for')
  answer(REFUSED)
  await stopping
  world.probes.soon(['2'])
  await world.pass(HOUR, 3)
  t.strictSame(world.tokens(), ['token-1'])
  t.equal(world.troubles.size, 0)
})

t.test('a probe’s result is written when the store comes back, not an hour later', async (t) => {
  const world = opened(t, [channel('1'), channel('2')])
  world.answer = async (token) => (token === 'token-2' ? REFUSED : WORKS)
  world.isStoreAway = true
  world.isForgetful = true
  await world.start()
  await world.pass(200, 15)
  t.strictSame(world.tokens(), ['token-1', 'token-2'])
  t.strictSame([...world.probed.keys()], [])
  world.isForgetful = false
  world.isStoreAway = false
  await world.pass(200, 6)
  t.strictSame([...world.probed.keys()], ['1'])
  t.match(world.troubles.get('2'), { code: REFUSED.code })
  t.strictSame(world.tokens(), [], 'nobody asked again')
  t.strictSame(
    world.lines.filter((line) => line.startsWith('error')),
    [`error 2 ${REFUSED.code}`],
  )
})

t.test('results of any number of channels wait for the store without a warning of a leak', async (t) => {
  const warnings: Error[] = []
  const note = (warning: Error): number => warnings.push(warning)
  process.on('warning', note)
  t.teardown(() => process.off('warning', note))
  const ids = Array.from({ length: 15 }, (_, index) => String(index + 1))
  const world = opened(
    t,
    ids.map((id) => channel(id)),
  )
  world.isStoreAway = true
  await world.start()
  await world.pass(200, 20)
  t.equal(world.tokens().length, 15)
  t.strictSame(warnings, [])
})

t.test('nothing is written for a token that was replaced meanwhile, nor after the stop', async (t) => {
  const world = opened(t, [channel('1'), channel('2')])
  world.answer = async (token) => (token === 'token-1' ? REFUSED : WORKS)
  world.isStoreAway = true
  world.isForgetful = true
  await world.start()
  await world.pass(200, 3)
  world.channels.set('1', channel('1', 'another'))
  const stopping = world.probes.stop()
  world.isStoreAway = false
  world.isForgetful = false
  await world.pass(1_000, 3)
  await stopping
  t.strictSame([...world.probed.keys()], [])
  t.equal(world.troubles.size, 0)
  t.strictSame(world.lines, [], 'nor is its refusal told')
})
