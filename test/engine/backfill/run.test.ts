import t from 'tap'
import { createErase, type Erase } from '../../../src/engine/erase.js'
import { createUnderWay } from '../../../src/engine/under-way.js'
import { channel, openBackfill } from '../../fixtures/backfill.js'
import { customerMessage, HOUR, MINUTE, SECOND } from '../../fixtures/conversation.js'

type World = ReturnType<typeof openBackfill>

function eraser({ store }: World, { receive }: ReturnType<World['replica']>): Erase {
  return createErase({
    ...{ store, receive, underWay: createUnderWay() },
    ask: { compare() {} },
    drain: { note() {} },
    assistant: { forget: async () => true },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
}

t.test('two calls a second are made for an account, by all replicas together', async (t) => {
  const world = openBackfill(t)
  for (let user = 10; user < 18; user++) world.meta.say(String(user), world.now() - user)
  const at: number[] = []
  world.meta.before = async () => void at.push(world.now())
  for (const each of [world.replica(), world.replica()]) each.start()
  await world.pass(MINUTE)
  t.ok(at.length >= 18)
  const tooFast = at.filter((time, i) => i >= 2 && time - at[i - 2]! < SECOND)
  t.same(tooFast, [])
})

t.test('a webhook that comes meanwhile has its effect once', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - MINUTE, { mid: 'm', text: 'hi' })
  const replica = world.replica()
  replica.start()
  world.meta.before = async (call) => {
    if (call === 'messages 1-2')
      await replica.receive('1-2' as never, world.channels.get('1')!, customerMessage({ mid: 'm' }), 'm')
  }
  await world.pass(10 * SECOND)
  t.equal((await world.history('2')).length, 1)
  t.equal((await world.history('2'))[0]?.source, null)
})

t.test('without a history the ids are enough', async (t) => {
  const world = openBackfill(t, channel('1', { historyTtlMs: 0 }))
  const replica = world.replica()
  world.meta.say('2', world.now() - MINUTE, { mid: 'known' })
  world.meta.say('2', world.now() - MINUTE, { mid: 'new' })
  await replica.receive('1-2' as never, world.channels.get('1')!, customerMessage({ mid: 'known' }), 'known')
  replica.start()
  await world.pass(10 * SECOND)
  t.match(world.facts.at(-1), { recorded: 1 })
})

t.test('an erased customer comes back by a new message only', async (t) => {
  const world = openBackfill(t)
  const replica = world.replica()
  const id = '1-2' as never
  const own = world.channels.get('1')!
  await replica.receive(id, own, customerMessage({ mid: 'm1' }), 'm1')
  world.meta.say('2', world.now() - HOUR, { mid: 'lost' })
  world.meta.say('2', world.now() - MINUTE, { mid: 'm1' })
  const erase = eraser(world, replica)
  await erase(id, own)
  replica.start()
  await world.pass(10 * SECOND)
  t.equal(await world.store.read(id), null)
  await replica.receive(id, own, customerMessage({ mid: 'm2' }), 'm2')
  await world.pass(10 * SECOND)
  world.meta.say('2', world.now(), { mid: 'm2' })
  world.meta.say('2', world.now() + SECOND, { mid: 'lost-later', text: 'and?' })
  replica.soon(['1'])
  await world.pass(10 * SECOND)
  t.match(await world.history('2'), [{ mid: 'm2' }, { mid: 'lost-later', source: 'backfill' }])
  t.equal((await world.history('2')).length, 2)
})

t.test('a customer who is erased twice does not come back by what was written between', async (t) => {
  const world = openBackfill(t)
  const replica = world.replica()
  const id = '1-2' as never
  const own = world.channels.get('1')!
  const erase = eraser(world, replica)
  // The store forgets ids by periods of 48 hours.
  await world.pass(47 * HOUR)
  await erase(id, own)
  await world.pass(2 * HOUR)
  world.store.sweep()
  await world.pass(42 * HOUR)
  world.meta.say('2', world.now() - MINUTE, { mid: 'lost' })
  await erase(id, own)
  await world.pass(8 * HOUR)
  world.store.sweep()
  replica.start()
  await world.pass(10 * SECOND)
  t.match(world.meta.calls, ['threads 1', 'messages 1-2'])
  t.equal(await world.store.read(id), null)
})

t.test('pages are followed by their cursor until a thread is older than the period', async (t) => {
  const world = openBackfill(t)
  world.meta.page = 2
  for (let user = 10; user < 15; user++) world.meta.say(String(user), world.now() - user * MINUTE)
  for (let user = 20; user < 25; user++) world.meta.say(String(user), world.now() - 25 * HOUR)
  world.meta.odd = 1
  world.replica().start()
  await world.pass(10 * SECOND)
  t.same(
    world.meta.calls.filter((call) => call.startsWith('threads')),
    ['threads 1', 'threads 1 after 2', 'threads 1 after 4'],
  )
  t.match(world.facts[0], { threads: 5, odd: 3 })
})

t.test('a run reads so many conversations at the most, the newest', async (t) => {
  const world = openBackfill(t)
  for (let user = 1000; user < 1560; user++) world.meta.say(String(user), world.now() - user)
  world.replica().start()
  for (let i = 0; i < 5; i++) await world.pass(MINUTE)
  t.equal(world.meta.calls.filter((call) => call.startsWith('messages')).length, 500)
  t.match(world.facts[0], { ended: 'too_many', recorded: 500 })
  t.match(world.lines(), [/^warn: /])
  const small = openBackfill(t)
  small.meta.page = 1
  for (let user = 1000; user < 1030; user++) small.meta.say(String(user), small.now() - user)
  small.replica().start()
  await small.pass(MINUTE)
  t.match(small.facts[0], { ended: 'too_many', recorded: 20 })
})

t.test('a page of a longer list is not followed where Meta wants rest', async (t) => {
  const world = openBackfill(t)
  world.meta.page = 1
  for (let user = 10; user < 13; user++) world.meta.say(String(user), world.now() - HOUR)
  world.meta.answers.push({ restMs: 2 * MINUTE })
  world.replica().start()
  await world.pass(10 * SECOND)
  t.same(world.meta.calls, ['threads 1'])
})

t.test('a thread that Meta does not show keeps nobody else’s from being read', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - HOUR)
  world.meta.say('3', world.now() - 2 * HOUR)
  world.meta.answers.push(null, { is: 'unusable', code: '100/33' })
  world.replica().start()
  await world.pass(10 * SECOND)
  t.same([(await world.history('2')).length, (await world.history('3')).length], [0, 1])
  t.match(world.facts[0], { threads: 1, odd: 1, ended: 'finished' })
})

t.test('what was read when the stop came is not recorded any more', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - HOUR)
  const replica = world.replica()
  replica.start()
  let stopped: Promise<void> | null = null
  world.meta.before = async (call) => {
    if (call === 'messages 1-2') stopped = replica.stop()
  }
  await world.pass(10 * SECOND)
  t.not(stopped, null)
  t.equal((await world.history('2')).length, 0)
})

t.test('a channel that is removed while its messages are taken in is left at once', async (t) => {
  const world = openBackfill(t)
  for (let i = 0; i < 3; i++) world.meta.say('2', world.now() - HOUR)
  world.committed = () => world.channels.delete('1')
  world.replica().start()
  await world.pass(10 * SECOND)
  t.equal((await world.history('2')).length, 1)
  t.match(world.facts[0], { ended: 'stopped', recorded: 1 })
})

t.test('a token that is refreshed meanwhile ends nothing', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - HOUR)
  world.meta.before = async () => void world.channels.set('1', { ...world.channels.get('1')!, token: 'refreshed' })
  world.replica().start()
  await world.pass(10 * SECOND)
  t.match(world.facts, [{ ended: 'finished', recorded: 1 }])
})

t.test('a stop while the conversations are listed ends it there', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - HOUR)
  const replica = world.replica()
  replica.start()
  let stopped: Promise<void> | null = null
  world.meta.before = async () => {
    stopped ??= replica.stop()
  }
  await world.pass(10 * SECOND)
  await stopped
  t.same(world.meta.calls, ['threads 1'])
})
