import t from 'tap'
import type { Channel } from '../../src/conversation/channel.js'
import { NO_OUTBOX } from '../../src/conversation/state/outbox-state.js'
import type { Conversation } from '../../src/conversation/state/state.js'
import { NOT_ASKING } from '../../src/conversation/state/state.js'
import { createManners } from '../../src/engine/manners.js'
import { channelWith } from '../fixtures/channel.js'
import { conversation, ID, message, part, run } from '../fixtures/conversation.js'
import { createManualTimers, settled } from '../fixtures/manual-timers.js'

const ASSISTANT = { url: 'https://dify.example', key: 'k', app: 'chat', replies: 'router', inputs: {} } as const
const CHANNEL: Channel = { ...channelWith({ markSeen: true }), token: 'token', assistant: ASSISTANT }
const ASKING = conversation({ asking: { ...NOT_ASKING, run: run() } })
const QUEUED = conversation({ outbox: { ...NO_OUTBOX, parts: [part()] } })
const SENDING = conversation({
  outbox: { ...NO_OUTBOX, parts: [part({ message: message({ type: 'AI', status: 'sending' }) })] },
})

function play(state: Conversation | null | Error = ASKING) {
  const clock = { now: 0 }
  const timers = createManualTimers(() => clock.now)
  const acts: string[] = []
  const world = { state, refusal: false, restsUntil: 0 }
  const manners = createManners({
    sender: { act: async (_channel, userId, action) => void acts.push(`${action} ${userId}`) },
    store: {
      now: () => clock.now,
      async read() {
        if (world.state instanceof Error) throw world.state
        return world.state
      },
    },
    health: {
      refusal: () => (world.refusal ? { is: 'dead', reason: 'channel_unusable', code: '190' } : null),
      restsUntil: () => world.restsUntil,
    },
    timers,
  })
  return {
    manners,
    world,
    acts,
    async pass(ms: number) {
      clock.now += ms
      timers.run()
      await settled()
    },
  }
}

t.test(
  'a question is marked as seen where that is wished, and typing is shown until the answer has left',
  async (t) => {
    const { manners, world, acts, pass } = play()
    manners.takeUp(CHANNEL, ID)
    t.strictSame(acts.splice(0), ['mark_seen 2', 'typing_on 2'])
    await pass(14_999)
    t.strictSame(acts, [])
    await pass(1)
    await pass(15_000)
    t.strictSame(acts.splice(0), ['typing_on 2', 'typing_on 2'])
    world.state = QUEUED
    manners.compare(QUEUED)
    await pass(15_000)
    t.strictSame(acts.splice(0), ['typing_on 2'], 'the answer waits for its turn')
    manners.compare(SENDING)
    await pass(60_000)
    t.strictSame(acts, [])
  },
)

t.test('typing ends at the next renewal when another process has sent the answer', async (t) => {
  for (const state of [SENDING, conversation(), null]) {
    const { manners, world, acts, pass } = play()
    manners.type(CHANNEL, ID)
    world.state = state
    await pass(15_000)
    world.state = ASKING
    await pass(60_000)
    t.strictSame(acts, ['typing_on 2'])
  }
})

t.test('during an outage of the store typing is not shown, and not given up', async (t) => {
  const { manners, world, acts, pass } = play()
  manners.type(CHANNEL, ID)
  world.state = new Error('away')
  await pass(15_000)
  t.equal(acts.length, 1)
  world.state = ASKING
  await pass(15_000)
  t.equal(acts.length, 2)
})

t.test('typing is not shown where the router cannot send or does not answer', async (t) => {
  for (const channel of [
    { ...CHANNEL, token: null },
    { ...CHANNEL, assistant: null, policy: { ...CHANNEL.policy, markSeen: false } },
    {
      ...CHANNEL,
      assistant: { ...ASSISTANT, replies: 'dify' as const },
      policy: { ...CHANNEL.policy, markSeen: false },
    },
  ]) {
    const { manners, acts, pass } = play()
    manners.takeUp(channel, ID)
    await pass(15_000)
    t.strictSame(acts, [])
  }
  const { manners, acts } = play()
  manners.takeUp({ ...CHANNEL, assistant: { ...ASSISTANT, replies: 'dify' } }, ID)
  t.strictSame(acts, ['mark_seen 2'], 'it was read all the same')
  for (const trouble of [{ refusal: true }, { restsUntil: 1 }]) {
    const { manners, world, acts } = play()
    Object.assign(world, trouble)
    manners.takeUp(CHANNEL, ID)
    t.strictSame(acts, [])
  }
})

t.test('repeated requests to show typing use one timer, and stopping leaves none', async (t) => {
  const { manners, acts, pass } = play()
  manners.type(CHANNEL, ID)
  manners.type(CHANNEL, ID)
  await pass(15_000)
  t.equal(acts.length, 3)
  manners.compare(conversation({ ...SENDING, id: ID }))
  manners.compare(SENDING)
  manners.type(CHANNEL, ID)
  manners.stop()
  await pass(60_000)
  t.equal(acts.length, 4)
})

t.test('a look that comes back after the end shows nothing', async (t) => {
  const { manners, acts, pass } = play()
  manners.type(CHANNEL, ID)
  const passing = pass(15_000)
  manners.stop()
  await passing
  t.equal(acts.length, 1)
})
