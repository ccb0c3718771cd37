import t from 'tap'
import type { Channel } from '../../src/conversation/channel.js'
import type { ChannelFacts } from '../../src/engine/ports.js'
import { createChannelWatch } from '../../src/notify/channel-watch.js'
import { createTargets } from '../../src/notify/targets.js'
import { channelWith } from '../fixtures/channel.js'
import { openMemory } from '../fixtures/memory-store.js'
import { TARGET } from '../fixtures/notifying.js'

function watching(events = TARGET.events) {
  const { store } = openMemory()
  const facts = { connected: null as boolean | null }
  const channel = channelWith()
  const channels = new Map<string, Channel>([['1', channel]])
  const asked: string[] = []
  const targets = createTargets({
    global: () => ({ ...TARGET, events }),
    channel: (id) => channels.get(id),
    channelIds: () => channels.keys(),
  })
  const watch = () =>
    createChannelWatch({
      store: {
        now: store.now,
        channelFacts(id) {
          asked.push(id)
          return {} as ChannelFacts
        },
      },
      queue: store.notifications,
      targets,
      channels: { get: (id) => channels.get(id), ids: () => ['1', 'removed meanwhile'] },
      show: {
        conversation: () => ({}),
        message: () => ({}),
        channel: ({ id }) => ({ id, connected: facts.connected }),
      },
    })
  const told = async () => {
    const { notifications } = await store.notifications.read(null, 99)
    return Promise.all(
      notifications.map(async ({ key, subject }) => {
        const { type, data } = JSON.parse((await store.notifications.bodyOf(key))!)
        return [subject, type, data.channel.connected]
      }),
    )
  }
  return { facts, asked, watch, told }
}

t.test('a change is told once, whoever looks; that a new channel works is no news', async (t) => {
  const { facts, watch, told } = watching()
  const here = watch()
  await here.look()
  t.strictSame(await told(), [])
  facts.connected = true
  await here.look()
  t.strictSame(await told(), [])
  facts.connected = false
  await here.look()
  await here.look()
  const there = watch()
  await there.look()
  const disconnected = ['1', 'channel.disconnected', false]
  t.strictSame(await told(), [disconnected])
  facts.connected = true
  await there.look()
  t.strictSame(await told(), [disconnected, ['1', 'channel.connected', true]])
  here.forget()
  await here.look()
  t.equal((await told()).length, 2)
})

t.test('a channel that never worked is told, too', async (t) => {
  const { facts, watch, told } = watching()
  facts.connected = false
  await watch().look()
  t.strictSame(await told(), [['1', 'channel.disconnected', false]])
})

t.test('without a target for channels the store is not asked', async (t) => {
  const { asked, watch } = watching(['message.sent'])
  await watch().look()
  t.strictSame(asked, [])
  const one = watching(['channel.connected'])
  await one.watch().look()
  t.strictSame(one.asked, ['1'])
})
