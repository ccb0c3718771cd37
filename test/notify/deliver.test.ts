import t from 'tap'
import type { NotificationQueue } from '../../src/engine/ports.js'
import { createBacklog } from '../../src/notify/backlog.js'
import { createDeliver } from '../../src/notify/deliver.js'
import type { PostOutcome } from '../../src/notify/post.js'
import { createTargets } from '../../src/notify/targets.js'
import { settled } from '../fixtures/manual-timers.js'
import { TARGET } from '../fixtures/notifying.js'

/** What the whole of it does is tested where it is joined; here is what takes a moment that is hard to meet there. */

function delivering(answers: readonly PostOutcome[]) {
  const levels: string[] = []
  const removed: string[][] = []
  const posted: string[] = []
  const state = { mayPost: true, elapsed: 0, isAway: false }
  const note = (level: string) => (_facts: object, message: string) => void levels.push(`${level} ${message}`)
  const queue: Pick<NotificationQueue, 'bodyOf' | 'remove'> = {
    async bodyOf(key) {
      if (key === 'slow') state.mayPost = false
      return '{}'
    },
    async remove(keys) {
      if (state.isAway) throw new Error('away')
      removed.push([...keys])
      await settled()
    },
  }
  const backlog = createBacklog()
  const deliver = createDeliver({
    queue,
    targets: createTargets({ global: () => TARGET, channel: () => undefined, channelIds: () => [] }),
    poster: {
      async post(_target, id) {
        posted.push(id)
        return answers[posted.length - 1] ?? { is: 'delivered' }
      },
      async close() {},
    },
    mayPost: () => state.mayPost,
    now: () => 0,
    timers: { elapsed: () => state.elapsed },
    random: () => 0,
    log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    meter: { notification() {} },
  })
  const add = (key: string, subject = key) => backlog.add({ key, subject, id: key, target: 'global', at: 0 })
  return { backlog, deliver, add, state, levels, removed, posted }
}

t.test('the lease is looked at once more right before the request', async (t) => {
  const { backlog, deliver, add, posted } = delivering([])
  add('slow')
  deliver.pump(backlog)
  await settled()
  t.strictSame([posted, backlog.busy, backlog.size], [[], 0, 1])
})

t.test('a target that fails is complained of once a minute, and when it works again that is said', async (t) => {
  const failed: PostOutcome = { is: 'failed', code: '500' }
  const { backlog, deliver, add, state, levels } = delivering([failed, failed, failed, failed, failed])
  for (let i = 0; i < 4; i++) add(`${i}`)
  deliver.pump(backlog)
  await settled()
  const complaint = 'notification not taken, trying again later'
  t.strictSame(levels, [`warn ${complaint}`, `debug ${complaint}`, `debug ${complaint}`, `debug ${complaint}`])
  state.elapsed = 60_000
  add('5')
  deliver.pump(backlog)
  await settled()
  t.equal(levels.at(-1), `warn ${complaint}`)
  add('6')
  deliver.pump(backlog)
  await settled()
  t.ok(levels.includes('info notifications are taken again'))
})

t.test('a target that is gone takes a backlog of any length with it', async (t) => {
  const { backlog, deliver, add, removed } = delivering([{ is: 'gone' }])
  for (let i = 0; i < 160_000; i++) add(`${i}`)
  deliver.pump(backlog)
  for (let i = 0; i < 9; i++) await settled()
  t.equal(backlog.size, 0)
  t.equal(removed.flat().length, 160_000)
})

t.test('finished notifications are removed in order, in batches, and again after a failure', async (t) => {
  const { backlog, deliver, add, state, removed } = delivering([])
  state.isAway = true
  add('1', 'a')
  add('2', 'a')
  deliver.pump(backlog)
  await settled()
  t.strictSame(removed, [])
  state.isAway = false
  deliver.giveUp([], 'expired')
  deliver.giveUp(['3'], 'expired')
  deliver.giveUp(['4', '5'], 'overflowed')
  await deliver.flush()
  t.strictSame(removed.flat(), ['1', '2', '3', '4', '5'])
  await deliver.flush()
  t.strictSame(removed.flat().length, 5)
})
