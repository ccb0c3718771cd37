import t from 'tap'
import type { QueuedNotification } from '../../src/engine/ports.js'
import { type Backlog, createBacklog } from '../../src/notify/backlog.js'
import type { Lane } from '../../src/notify/lane.js'

const HOUR = 3_600_000
let keys = 0
const of = (subject: string, changes: Partial<QueuedNotification> = {}): QueuedNotification => ({
  key: `k${++keys}`,
  subject,
  id: `${subject}#${keys}`,
  target: 'global',
  at: 0,
  ...changes,
})
const backlogOf = (...notifications: readonly QueuedNotification[]): Backlog => {
  const backlog = createBacklog()
  for (const each of notifications) backlog.add(each)
  return backlog
}
const take = (backlog: Backlog, target = 'global'): Lane => {
  const lane = backlog.take(target)
  if (lane === null) throw new Error('nothing may be tried')
  return lane
}
/** Until five in a row have failed. */
function breakDown(backlog: Backlog, now: number): void {
  for (let i = 0; i < 5; i++) {
    backlog.add(of(`broken-${i}`))
    backlog.failed(take(backlog), now, 0)
  }
}

t.test('notifications of one subject are sent in sequence, those of different subjects independently', async (t) => {
  const [a1, a2, b1] = [of('a'), of('a'), of('b')]
  const backlog = backlogOf(a1, a2, b1)
  backlog.add(a1)
  t.equal(backlog.size, 3, 'what is known is not taken twice')
  const [a, b] = [take(backlog), take(backlog)]
  t.strictSame([a.first, b.first], [a1, b1])
  t.equal(backlog.take('global'), null)
  backlog.delivered(a)
  t.equal(take(backlog).first, a2)
  backlog.delivered(b)
  t.strictSame([backlog.size, backlog.busy, backlog.isReady], [1, 1, false])
})

t.test('a failed one keeps the later ones of its subject waiting, and is tried again in its time', async (t) => {
  const [a1, a2, b1] = [of('a'), of('a'), of('b')]
  const backlog = backlogOf(a1, a2, b1)
  t.equal(backlog.failed(take(backlog), 1_000, 0), 'failed')
  t.equal(take(backlog).first, b1)
  backlog.wake(5_999)
  t.equal(backlog.isReady, false)
  backlog.wake(6_000)
  t.equal(take(backlog).first, a1)
})

t.test('of a target whose notifications are discarded nothing is left', async (t) => {
  const backlog = backlogOf(of('a'), of('b'))
  const a = take(backlog)
  t.equal(backlog.discard('global').length, 1)
  t.same([...backlog.targets()], ['global'], 'one is still under way')
  backlog.settle(a)
  backlog.add(of('c'))
  t.equal(backlog.discard('global').length, 1)
  t.same([backlog.discard('unknown'), ...backlog.targets()], [[]])
})

t.test('lanes that wait for a retry are woken each at its time', async (t) => {
  const backlog = backlogOf(of('a'), of('b'))
  const [a, b] = [take(backlog), take(backlog)]
  backlog.failed(a, 0, 0)
  backlog.failed(b, 2_000, 0)
  backlog.wake(5_000)
  t.equal(take(backlog).subject, 'a')
  backlog.wake(6_999)
  t.equal(backlog.take('global'), null)
  backlog.wake(7_000)
  t.equal(take(backlog).subject, 'b')
})

t.test('a notification is dropped after its last attempt, and the next one starts anew', async (t) => {
  const [a1, a2] = [of('a'), of('a')]
  const backlog = backlogOf(a1, a2)
  let now = 0
  const became: string[] = []
  for (let i = 0; i < 6; i++) {
    now += 6 * HOUR
    backlog.wake(now)
    became.push(backlog.failed(take(backlog), now, 0))
  }
  t.strictSame(became, ['failed', 'failed', 'failed', 'failed', 'failed', 'dropped'])
  const next = take(backlog)
  t.equal(next.first, a2)
  backlog.failed(next, now, 0)
  backlog.wake(now + 5_000)
  t.equal(take(backlog).first, a2)
})

t.test('a target does not wait for another, and takes no more than its share of requests', async (t) => {
  const backlog = createBacklog()
  for (let i = 0; i < 20; i++) backlog.add(of(`a${i}`))
  backlog.add(of('b', { target: '1' }))
  let many = 0
  while (backlog.take('global') !== null) many += 1
  t.equal(many, 8)
  t.equal(take(backlog, '1').subject, 'b')
  t.strictSame([...backlog.targets()], ['global', '1'])
})

t.test(
  'a target that takes nothing is tried with one at a time, and all are told when it takes them again',
  async (t) => {
    const backlog = createBacklog()
    breakDown(backlog, 0)
    t.equal(backlog.isOut('global'), true)
    backlog.wake(6_000)
    const probe = take(backlog)
    t.equal(backlog.take('global'), null)
    backlog.failed(probe, 6_000, 0)
    backlog.delivered(take(backlog))
    t.equal(backlog.isOut('global'), false)
    t.equal(take(backlog).subject, 'broken-2', 'due by then')
    const subjects = [take(backlog), take(backlog), take(backlog)].map(({ subject }) => subject)
    t.ok(subjects.includes('broken-0'), 'long before its five minutes are over')
  },
)

t.test('a try ahead of its time that fails costs none of those that are left', async (t) => {
  const backlog = createBacklog()
  breakDown(backlog, 0)
  backlog.add(of('works'))
  backlog.delivered(take(backlog))
  const early = take(backlog)
  t.equal(backlog.failed(early, 1_000, 0), 'failed')
  backlog.wake(4_999)
  const others = Array.from({ length: 8 }, () => backlog.take('global')?.subject)
  t.notOk(others.includes(early.subject), 'not before its time')
  backlog.wake(5_000)
  t.equal(take(backlog).subject, early.subject, 'after its five seconds, as ever')
})

t.test('a postponed lane is ready again soon', async (t) => {
  const backlog = backlogOf(of('a'))
  backlog.postpone(take(backlog), 1_000)
  backlog.wake(999)
  t.equal(backlog.take('global'), null)
  backlog.wake(1_000)
  backlog.settle(take(backlog))
  t.strictSame([backlog.size, backlog.oldestAt], [0, null])
})

t.test('all of a target can be taken out, but what is being tried', async (t) => {
  const [a1, a2, b1, other] = [of('a'), of('a'), of('b'), of('c', { target: '1' })]
  const backlog = backlogOf(a1, a2, b1, other)
  const busy = take(backlog)
  t.strictSame(backlog.discard('global'), [b1.key])
  t.equal(backlog.take('global'), null, 'what was discarded is passed over')
  backlog.settle(busy)
  t.strictSame(backlog.discard('global'), [a2.key])
  t.equal(backlog.size, 1)
})

t.test('expired notifications and the oldest above the cap are removed, except those being delivered', async (t) => {
  const [a1, a2, b1, c1, d1] = [
    of('a', { at: 1 }),
    of('a', { at: 2 }),
    of('b', { at: 3 }),
    of('c', { at: 9 }),
    of('d', { at: 10 }),
  ]
  const backlog = backlogOf(a1, a2, b1, c1, d1)
  t.equal(backlog.oldestAt, 1)
  const busy = take(backlog)
  t.strictSame(backlog.trim(4, 99), { expired: [b1.key], overflowed: [] })
  backlog.settle(busy)
  t.strictSame(backlog.trim(4, 1), { expired: [a2.key], overflowed: [c1.key] })
  t.strictSame(backlog.trim(4, 1), { expired: [], overflowed: [] })
  t.equal(take(backlog).first, d1)
})
