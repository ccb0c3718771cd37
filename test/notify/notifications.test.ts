import t from 'tap'
import { settled } from '../fixtures/manual-timers.js'
import { createNotifyWorld, DELIVERED, FAILED, TARGET } from '../fixtures/notifying.js'
import { idOf } from '../fixtures/store-contract.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

t.test('notifications committed before and after the start are delivered and removed', async (t) => {
  const world = createNotifyWorld(t)
  await world.commit(1, 'a', 'b')
  const process = world.process()
  process.start()
  await world.pass(100)
  await world.commit(1, 'c')
  process.committed()
  process.committed()
  await world.pass(100)
  t.strictSame(
    world.posted.map(({ id }) => id),
    ['a', 'b', 'c'],
  )
  t.strictSame(await world.waiting(), [])
  t.strictSame(process.counted, ['delivered', 'delivered', 'delivered'])
  t.strictSame(process.waiting(), { many: 0, oldestSeconds: 0 })
})

t.test('a notification committed by another process is found by polling', async (t) => {
  const world = createNotifyWorld(t)
  world.process().start()
  await world.pass(200)
  await world.commit(1, 'a')
  await world.pass(1_100)
  t.equal(world.posted.length, 1)
})

t.test('a commit while the queue is being read is not missed', async (t) => {
  const world = createNotifyWorld(t)
  const process = world.process()
  process.start()
  await world.pass(200)
  const turning = world.leap(1_000)
  await world.commit(1, 'a')
  process.committed()
  await turning
  await world.pass(100)
  t.strictSame(process.counted, ['delivered'])
})

t.test('one process delivers; another takes over when it is gone, and tries at once', async (t) => {
  const world = createNotifyWorld(t)
  const [first, second] = [world.process(), world.process()]
  first.start()
  await world.pass(200)
  second.start()
  world.outcome = FAILED
  await world.commit(1, 'a', 'b')
  await world.pass(6 * SECOND)
  t.equal(second.said(/delivers the notifications/), 0)
  t.strictSame(second.waiting(), { many: 0, oldestSeconds: 0 })
  t.match(first.waiting(), { many: 2 })
  await first.stop()
  world.outcome = DELIVERED
  await world.pass(3 * SECOND)
  t.equal(second.said(/delivers the notifications/), 1)
  t.strictSame(second.counted, ['delivered', 'delivered'])
  t.equal(first.said(/still wait/), 1)
})

t.test('the tries of a notification: at once, then ever later, then it is dropped', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = FAILED
  const process = world.process()
  process.start()
  await world.commit(1, 'a', 'b')
  await world.pass(10 * SECOND)
  t.strictSame(
    world.posted.map(({ id }) => id),
    ['a', 'a'],
  )
  t.match(
    process.lines.find(({ level }) => level === 'warn'),
    {
      message: 'notification not taken, trying again later',
      facts: { target: 'global', host: 'a.example', webhook_id: 'a', subject: idOf(1), code: '500' },
    },
  )
  t.notMatch(JSON.stringify(process.lines), /hidden/)
  for (let i = 0; i < 500 && process.said(/the last try failed/) === 0; i++) await world.pass(MINUTE, 2 * SECOND)
  const tries = world.posted.filter(({ id }) => id === 'a').map(({ at }) => at)
  const between = tries.slice(1).map((at, i) => at - tries[i]!)
  const planned = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR]
  t.equal(between.length, planned.length)
  for (const [i, ms] of between.entries()) t.ok(ms >= planned[i]! && ms <= planned[i]! + 5 * SECOND, `${ms}`)
  t.equal(process.said(/the last try failed/), 1)
  t.equal(process.counted.filter((each) => each === 'dropped').length, 1)
  t.strictSame(await world.waiting(), ['b'])
  t.equal(world.posted.filter(({ id }) => id === 'b').length > 0, true, 'the next one has its turn')
  world.outcome = DELIVERED
  await world.pass(6 * MINUTE, 2 * SECOND)
  t.strictSame(await world.waiting(), [])
})

t.test('a notification that has waited for a day is dropped, whatever it waits for', async (t) => {
  const world = createNotifyWorld(t)
  await world.commit(
    1,
    { id: 'a', target: 'removed from the settings' },
    { id: 'b', target: 'removed from the settings' },
  )
  const process = world.process()
  process.start()
  await world.pass(100)
  t.match(process.waiting(), { many: 2 })
  t.strictSame(await world.waiting(), ['a', 'b'])
  await world.leap(24 * HOUR)
  await world.pass(2 * SECOND)
  t.strictSame(await world.waiting(), [])
  t.strictSame(process.counted, ['expired', 'expired'])
  t.match(
    process.lines.find(({ message }) => message === 'notifications dropped'),
    { facts: { many: 2, why: 'expired' } },
  )
  t.strictSame(world.posted, [])
})

t.test('a target that hangs keeps nobody else waiting', async (t) => {
  const world = createNotifyWorld(t)
  world.channels.set('7', { ...world.channels.get('1')!, id: '7', notify: { ...TARGET, url: 'https://b.example' } })
  world.outcome = null
  const process = world.process()
  process.start()
  for (let user = 0; user < 30; user++) await world.commit(user, `hangs-${user}`)
  await world.commit(99, { id: 'other', target: '7' })
  await world.pass(1_100)
  t.equal(world.posted.filter(({ target }) => target === 'global').length, 8)
  const other = world.posted.find(({ target }) => target === '7')!
  await other.end(DELIVERED)
  t.strictSame(process.counted, ['delivered'])
})

t.test('a 410 switches a target off with its backlog until a reload', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = { is: 'gone' }
  const process = world.process()
  process.start()
  await world.commit(1, 'a', 'b')
  await world.commit(2, 'c')
  await world.pass(1_100)
  t.equal(process.said(/410/) > 0, true)
  t.strictSame(await world.waiting(), [])
  await world.commit(3, 'd')
  await world.pass(1_100)
  t.notOk(world.posted.some(({ id }) => id === 'd' || id === 'b'))
  t.ok(process.counted.every((each) => each === 'discarded') && process.counted.length === 4)
  world.outcome = DELIVERED
  process.reload()
  await world.commit(3, 'e')
  await world.pass(1_100)
  t.strictSame(process.counted.at(-1), 'delivered')
})

t.test('a reload that brings a target has what waits for it delivered', async (t) => {
  const world = createNotifyWorld(t)
  world.global = null
  const process = world.process()
  process.start()
  await world.commit(1, 'a')
  await world.pass(2_000)
  t.strictSame(world.posted, [])
  world.global = TARGET
  process.reload()
  await world.pass(1_100)
  t.strictSame(process.counted, ['delivered'])
})

t.test('after a reload that takes the last target away nothing is held, until one is back', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = FAILED
  await world.commit(1, 'a')
  const process = world.process()
  process.start()
  await world.pass(200)
  world.global = null
  process.reload()
  await world.pass(1_100)
  t.strictSame(process.waiting(), { many: 0, oldestSeconds: 0 })
  world.global = TARGET
  world.outcome = DELIVERED
  process.reload()
  await world.pass(4 * SECOND)
  t.strictSame(process.counted, ['failed', 'delivered'])
})

t.test('a conversation that is erased is told nobody, and holds nothing up', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = FAILED
  const process = world.process()
  process.start()
  await world.commit(1, 'a')
  await world.pass(200)
  await world.store.erase(idOf(1))
  world.outcome = DELIVERED
  await world.pass(7 * SECOND)
  t.strictSame(process.counted, ['failed', 'missing'])
  t.equal(world.posted.length, 1)
})

t.test('during an outage of the store delivery waits, logs it once, and goes on', async (t) => {
  const world = createNotifyWorld(t)
  const process = world.process()
  process.start()
  await world.pass(200)
  world.outcome = null
  await world.commit(1, 'a', 'b')
  await world.pass(1_100)
  world.isAway = true
  await world.posted[0]!.end(DELIVERED)
  await world.pass(6 * SECOND)
  t.equal(process.said(/cannot look for notifications/), 1)
  t.equal(world.posted.length, 1, 'the next one cannot be read')
  world.isAway = false
  world.outcome = DELIVERED
  await world.pass(12 * SECOND)
  t.strictSame(await world.waiting(), [])
  t.strictSame(
    world.posted.map(({ id }) => id),
    ['a', 'b'],
  )
})

t.test('a process that cannot renew its lease starts no more deliveries', async (t) => {
  const world = createNotifyWorld(t)
  const process = world.process()
  process.start()
  await world.pass(200)
  world.outcome = FAILED
  await world.commit(1, 'a')
  await world.pass(1_100)
  t.match(process.waiting(), { many: 1 })
  world.isTaken = true
  await world.pass(9 * SECOND)
  t.equal(world.posted.length, 1)
  t.match(process.waiting(), { many: 0 })
})

t.test('a process that lost its lease drops its backlog, and still removes what it delivers late', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = null
  const process = world.process()
  process.start()
  await world.commit(1, 'a', 'b')
  await world.pass(1_100)
  world.isAway = true
  await world.pass(7 * SECOND)
  world.isAway = false
  await world.pass(500)
  await world.posted[0]!.end(DELIVERED)
  await world.pass(1_100)
  t.ok(world.posted.some(({ id }) => id === 'b'))
})

t.test('a process that stood still until its lease had ended holds nothing any more', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = FAILED
  await world.commit(1, 'a')
  const process = world.process()
  process.start()
  await world.pass(200)
  t.match(process.waiting(), { many: 1 })
  world.isTaken = true
  await world.leap(10 * SECOND)
  t.strictSame(process.waiting(), { many: 0, oldestSeconds: 0 })
})

t.test('what was read under an earlier lease is not delivered beside what was read again', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = null
  const process = world.process()
  process.start()
  for (let user = 1; user <= 20; user++) await world.commit(user, `n${user}`)
  await world.pass(1_100)
  const before = [...world.posted]
  t.equal(before.length, 8)
  world.isAway = true
  await world.pass(9 * SECOND)
  world.isAway = false
  await world.pass(1_100)
  t.equal(world.posted.length, 16, 'what may have been delivered is delivered again')
  for (const { end } of before) await end(DELIVERED)
  t.equal(world.posted.length, 16, 'and no more than eight at once')
  for (let i = 8; i < world.posted.length; i++) await world.posted[i]!.end(DELIVERED)
  const times = new Map<string, number>()
  for (const { id } of world.posted) times.set(id, (times.get(id) ?? 0) + 1)
  t.strictSame([times.size, Math.max(...[...times.values()].slice(8))], [20, 1])
  t.strictSame(await world.waiting(), [])
})

t.test('a stop waits for what is under way and for what can still go out, but not for ever', async (t) => {
  const world = createNotifyWorld(t)
  world.outcome = null
  const process = world.process()
  process.start()
  await world.pass(100)
  await world.commit(1, 'a')
  let isOver = false
  const stopping = process.stop().then(() => {
    isOver = true
  })
  await world.pass(1_000)
  t.equal(world.posted.length, 1, 'what was just committed')
  t.equal(isOver, false)
  await world.posted[0]!.end(DELIVERED)
  await world.pass(200)
  await stopping
  t.equal(isOver, true)
  t.equal(await world.store.leases.take('notifying', 'another', 1), true)

  const slow = world.process()
  await world.pass(100)
  slow.start()
  await world.commit(2, 'never ends')
  await world.pass(1_100)
  const giving = slow.stop()
  await world.pass(6 * SECOND)
  await giving
  t.equal(slow.said(/still wait/), 1)
})

t.test('a stop before the start, and one without a store, end', async (t) => {
  const world = createNotifyWorld(t)
  await world.process().stop()
  const process = world.process()
  process.start()
  await world.pass(100)
  world.isAway = true
  await process.stop()
  t.equal(process.said(/could not give up the lease/), 1)
  process.committed()
  await settled()
})

t.test('a channel whose token dies is told, and when it works again', async (t) => {
  const world = createNotifyWorld(t)
  const process = world.process()
  process.start()
  await world.pass(6 * SECOND)
  t.equal(world.posted.length, 0, 'nothing is known of it')
  world.store.noteTrouble('1', { at: world.store.now(), code: '190' })
  await world.pass(6 * SECOND)
  t.equal(world.posted.length, 1)
  world.store.noteTrouble('1', null)
  world.store.noteChannel('1', 'probed', world.store.now())
  await world.pass(6 * SECOND)
  t.equal(world.posted.length, 2)
})
