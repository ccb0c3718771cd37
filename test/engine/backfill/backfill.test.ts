import t from 'tap'
import { channel, openBackfill } from '../../fixtures/backfill.js'
import { HOUR, MINUTE, SECOND } from '../../fixtures/conversation.js'
import { settled } from '../../fixtures/manual-timers.js'

t.test('after a start the period is read once, and what is missing is recorded', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - HOUR)
  world.meta.say('2', world.now() - MINUTE, { isOurs: true, text: 'yes' })
  world.meta.say('3', world.now() - 2 * MINUTE)
  world.meta.say('4', world.now() - 25 * HOUR)
  world.replica().start()
  t.same(world.meta.calls, [], 'the start waits for nothing')
  await world.pass(10 * SECOND)
  t.same(world.meta.calls, ['threads 1', 'messages 1-2', 'messages 1-3'])
  t.match(await world.history('2'), [
    { text: 'hi 1', reason: 'answered', source: 'backfill', at: world.now() - 10 * SECOND - HOUR },
    { text: 'yes', type: 'support', source: 'backfill' },
  ])
  t.match(await world.history('3'), [{ status: 'received', source: 'backfill' }])
  t.same(world.lines(), ['info: missed messages were read from Meta'])
  t.match(world.facts[0], {
    channel: '1',
    why: 'start',
    threads: 2,
    recorded: 3,
    asked: 1,
    skipped: 1,
    ended: 'finished',
  })
  await world.pass(HOUR)
  t.equal(world.meta.calls.length, 3, 'a channel that never had a webhook is not missing any')
})

t.test('a channel without the setting or a token is left alone', async (t) => {
  const world = openBackfill(t, channel('1', { backfillMs: 0 }), { ...channel('2'), token: null })
  world.replica().start()
  await world.pass(10 * MINUTE)
  t.same(world.meta.calls, [])
})

t.test('a channel that used to have webhooks is read while it has none', async (t) => {
  const world = openBackfill(t)
  world.replica().start()
  await world.pass(MINUTE)
  t.same(world.meta.calls, ['threads 1'])
  world.store.noteChannel('1', 'inbound', world.now())
  await world.pass(4.9 * MINUTE)
  t.equal(world.meta.calls.length, 1, 'not sooner')
  await world.pass(30 * SECOND)
  t.equal(world.meta.calls.length, 2)
  world.meta.say('2', world.now())
  await world.pass(6 * MINUTE)
  t.same(world.meta.calls.slice(2), ['threads 1', 'messages 1-2'])
  t.match(await world.history('2'), [{ source: 'backfill', status: 'received' }])
  await world.pass(11 * MINUTE)
  t.equal(world.meta.calls.filter((call) => call === 'threads 1').length, 5, 'every five minutes')
  t.equal(world.meta.calls.length, 7, 'a thread is read again while it may have changed during a read')
  t.same(world.lines(), ['info: missed messages were read from Meta'])
})

t.test('a quiet night costs a call each five minutes, over all replicas', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - 2 * HOUR)
  const replicas = [world.replica(), world.replica()]
  for (const each of replicas) each.start()
  world.store.noteChannel('1', 'echo', world.now())
  await world.pass(2 * MINUTE)
  const starts = world.meta.calls.length
  t.equal(starts, 4, 'each replica reads at its start, one after the other')
  await world.pass(HOUR)
  t.ok(world.meta.calls.length - starts <= 12, `${world.meta.calls.length - starts} calls`)
  t.ok(world.meta.calls.length - starts >= 10)
})

t.test('when webhooks come again, what was lost until then is read once more', async (t) => {
  const world = openBackfill(t)
  world.replica().start()
  world.store.noteChannel('1', 'inbound', world.now())
  await world.pass(5 * MINUTE + SECOND)
  world.meta.say('2', world.now())
  await world.pass(5 * MINUTE)
  t.equal((await world.history('2')).length, 1)
  world.meta.say('2', world.now())
  await world.pass(MINUTE)
  for (let i = 0; i < 10; i++) {
    world.store.noteChannel('1', 'inbound', world.now())
    await world.pass(MINUTE)
  }
  t.equal((await world.history('2')).length, 2)
  const { length } = world.meta.calls
  for (let i = 0; i < 20; i++) {
    world.store.noteChannel('1', 'inbound', world.now())
    await world.pass(MINUTE)
  }
  t.equal(world.meta.calls.length - length <= 2, true, 'and then no more')
})

t.test('one replica reads at a time; another goes on where it dies', async (t) => {
  const world = openBackfill(t)
  for (let user = 10; user < 13; user++) world.meta.say(String(user), world.now() - HOUR)
  const dying = world.replica()
  dying.start()
  let isDead = false
  let bury = (): void => {}
  world.meta.before = async (call) => {
    if (call !== 'messages 1-11' || isDead) return
    isDead = true
    await new Promise<void>((resolve) => {
      bury = resolve
    })
  }
  await world.pass(10 * SECOND)
  t.equal(isDead, true)
  const { length } = world.meta.calls
  world.replica().start()
  await world.pass(10 * SECOND)
  t.equal(world.meta.calls.length, length, 'the dead one’s lease holds for a while')
  await world.pass(MINUTE)
  for (let user = 10; user < 13; user++) t.equal((await world.history(String(user))).length, 1)
  bury()
})

t.test('Meta’s wish for rest stops the run, which goes on later', async (t) => {
  for (const [answers, waitMs] of [
    [[{ is: 'later', code: '613', afterMs: 3 * MINUTE }], 3 * MINUTE],
    [[{ is: 'later', code: 'ECONNREFUSED', afterMs: 0 }], MINUTE],
    [[null, { is: 'later', code: '4', afterMs: 0 }], MINUTE],
    [[{ restMs: 2 * MINUTE }], 2 * MINUTE],
    [[null, { restMs: 2 * MINUTE }], 2 * MINUTE],
  ] as const) {
    const world = openBackfill(t)
    for (let user = 10; user < 13; user++) world.meta.say(String(user), world.now() - HOUR)
    world.meta.answers.push(...answers)
    world.replica().start()
    await world.pass(10 * SECOND)
    t.equal(world.meta.calls.length, answers.length)
    await world.pass(waitMs - 10 * SECOND)
    t.equal(world.meta.calls.length, answers.length)
    await world.pass(20 * SECOND)
    for (let user = 10; user < 13; user++) t.equal((await world.history(String(user))).length, 1)
  }
})

t.test('a refusal is told once, and tried again now and then', async (t) => {
  const world = openBackfill(t)
  const refused = { is: 'refused', code: '10' } as const
  world.meta.answers.push(refused, { is: 'unusable', code: '10' }, { is: 'refused', code: '190' })
  world.replica().start()
  await world.pass(10 * SECOND)
  t.match(world.lines(), [/^warn: Meta refuses/])
  await world.pass(15 * MINUTE)
  t.equal(world.lines().length, 1)
  await world.pass(15 * MINUTE)
  t.equal(world.lines().length, 2, 'for another reason again')
  world.meta.say('2', world.now())
  await world.pass(16 * MINUTE)
  t.equal((await world.history('2')).length, 1)
})

t.test('a token that was replaced after a refusal is tried at once', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - HOUR)
  world.meta.answers.push({ is: 'refused', code: '190' })
  world.replica().start()
  await world.pass(MINUTE)
  t.equal(world.meta.calls.length, 1)
  world.channels.set('1', { ...channel('1'), token: 'new' })
  await world.pass(10 * SECOND)
  t.equal((await world.history('2')).length, 1)
  t.equal(world.lines().length, 2)
})

t.test('after a refusal, Meta’s wish for rest counts for the new token too', async (t) => {
  const world = openBackfill(t)
  world.meta.answers.push({ is: 'refused', code: '190' }, { is: 'later', code: '4', afterMs: 10 * MINUTE })
  world.replica().start()
  await world.pass(MINUTE)
  world.channels.set('1', { ...channel('1'), token: 'new' })
  await world.pass(9 * MINUTE)
  t.same(world.meta.calls, ['threads 1', 'threads 1'])
  await world.pass(2 * MINUTE)
  t.equal(world.meta.calls.length, 3)
})

t.test('while the store is away nothing is read, and later everything', async (t) => {
  const world = openBackfill(t)
  world.meta.say('2', world.now() - HOUR)
  world.isAway = true
  world.replica().start()
  await world.pass(MINUTE)
  t.same(world.meta.calls, [])
  world.isAway = false
  world.meta.before = async (call) => {
    world.isAway = call === 'messages 1-2' && world.meta.calls.length === 2
  }
  await world.pass(15 * SECOND)
  t.equal((await world.history('2')).length, 0)
  world.isAway = false
  await world.pass(MINUTE)
  t.equal((await world.history('2')).length, 1)
  t.same(world.lines(), ['info: missed messages were read from Meta'])
})

t.test('a stop ends a run at once', async (t) => {
  const world = openBackfill(t)
  for (let user = 10; user < 20; user++) world.meta.say(String(user), world.now() - HOUR)
  const replica = world.replica()
  replica.start()
  await world.pass(2 * SECOND)
  const { length } = world.meta.calls
  t.ok(length > 1)
  await replica.stop()
  t.equal(world.meta.isClosed, true)
  await world.pass(MINUTE)
  t.equal(world.meta.calls.length, length)
  replica.soon(['1'])
  await world.pass(MINUTE)
  t.equal(world.meta.calls.length, length)
  t.equal(await world.store.leases.take('backfill:1', 'another', 1), true)
})

t.test('a stop without the store leaves the leases to end by themselves', async (t) => {
  const world = openBackfill(t)
  const replica = world.replica()
  replica.start()
  world.store.noteChannel('1', 'inbound', world.now())
  await world.pass(5.5 * MINUTE)
  t.equal(world.meta.calls.length, 2, 'read in the silence, with its lease')
  world.isAway = true
  await replica.stop()
  world.isAway = false
  t.equal(await world.store.leases.take('backfill-silence:1', 'another', 1), false)
  await world.pass(5 * MINUTE)
  t.equal(await world.store.leases.take('backfill-silence:1', 'another', 1), true)
})

t.test('a changed channel is read anew, a removed one no more', async (t) => {
  const world = openBackfill(t, channel('1'), channel('5'))
  for (let user = 10; user < 16; user++) world.meta.say(String(user), world.now() - HOUR)
  const replica = world.replica()
  replica.soon(['1'])
  replica.start()
  await world.pass(2 * SECOND)
  world.channels.delete('5')
  world.channels.set('1', { ...channel('1'), token: 'other' })
  world.channels.set('7', channel('7'))
  replica.soon(['1', '7'])
  const { length } = world.meta.calls
  await world.pass(MINUTE)
  const later = world.meta.calls.slice(length)
  t.notOk(later.some((call) => call.includes(' 5')))
  t.ok(later.includes('threads 1') && later.includes('threads 7'))
  t.equal((await world.history('10', '7')).length, 1)
  t.equal((await world.history('15')).length, 1)
})

t.test('many channels are read a few at a time', async (t) => {
  const world = openBackfill(t, ...Array.from({ length: 10 }, (_, i) => channel(String(i + 1))))
  let most = 0
  let open = 0
  world.meta.before = async () => {
    open += 1
    most = Math.max(most, open)
    await settled()
    open -= 1
  }
  world.replica().start()
  await world.pass(MINUTE)
  t.equal(world.meta.calls.length, 10)
  t.ok(most <= 4)
})

t.test('with very many channels each one has its turn', async (t) => {
  const ids = Array.from({ length: 400 }, (_, i) => String(i + 1))
  const world = openBackfill(t, ...ids.map((id) => channel(id)))
  world.replica().start()
  for (let i = 0; i < 3; i++) await world.pass(5 * MINUTE)
  const read = new Set(world.meta.calls)
  t.same(
    ids.filter((id) => !read.has(`threads ${id}`)),
    [],
    'read at the start',
  )
  const { length } = world.meta.calls
  for (const id of ids) world.store.noteChannel(id, 'inbound', world.now())
  for (let i = 0; i < 4; i++) await world.pass(5 * MINUTE)
  const silent = new Set(world.meta.calls.slice(length))
  t.same(
    ids.filter((id) => !silent.has(`threads ${id}`)),
    [],
    'and when its webhooks have stopped',
  )
})
