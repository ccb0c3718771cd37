import t from 'tap'
import { REAL_TIMERS, sleep } from '../../src/engine/timers.js'
import { createManualTimers } from '../fixtures/manual-timers.js'

t.test('a real timer fires once, a repeated one again and again, and neither after it was cancelled', async (t) => {
  const fired: string[] = []
  const cancelled = REAL_TIMERS.after(1, () => fired.push('cancelled'))
  cancelled()
  await new Promise<void>((resolve) => {
    let times = 0
    REAL_TIMERS.after(1, () => fired.push('once'))
    const stop = REAL_TIMERS.every(2, () => {
      times += 1
      if (times < 3) return
      stop()
      REAL_TIMERS.after(10, () => {
        t.equal(times, 3)
        resolve()
      })
    })
  })
  t.same(fired, ['once'])
})

t.test('the elapsed time goes on', async (t) => {
  const before = REAL_TIMERS.elapsed()
  await sleep(REAL_TIMERS, 5)
  t.ok(REAL_TIMERS.elapsed() - before >= 4)
})

t.test('a sleep ends with its time, or with the signal that gives it up', async (t) => {
  let time = 0
  const timers = createManualTimers(() => time)
  let ended = 0
  const end = () => {
    ended += 1
  }
  const given = new AbortController()
  const slept = sleep(timers, 100).then(end)
  const givenUp = sleep(timers, 1_000, given.signal).then(end)
  time = 100
  timers.run()
  await slept
  t.equal(ended, 1)
  given.abort()
  await givenUp
  t.equal(ended, 2)
  await sleep(timers, 1_000, given.signal)
  time = 2_000
  timers.run()
  t.equal(ended, 2)
})
