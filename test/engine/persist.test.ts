import t from 'tap'
import { persist } from '../../src/engine/persist.js'
import { type ErrorCode, RouterError } from '../../src/engine/ports.js'
import { createManualTimers, settled } from '../fixtures/manual-timers.js'

function createClock() {
  let time = 0
  const timers = createManualTimers(() => time)
  return {
    now: () => time,
    timers,
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 50) {
        time += 50
        timers.run()
        await settled()
      }
    },
  }
}

t.test('a successful write is done once', async (t) => {
  let times = 0
  for (const write of [() => ++times, async () => ++times]) {
    times = 0
    t.equal(await persist(createClock().timers, write), 1)
    t.equal(times, 1)
  }
})

t.test('a store that is away or full is tried again four times a second, until it is there', async (t) => {
  for (const code of ['store_unavailable', 'store_full'] as const) {
    await t.test(code, async (t) => {
      const { now, pass, timers } = createClock()
      const at: number[] = []
      const written = persist(timers, () => {
        at.push(now())
        if (now() < 1000) throw new RouterError(code, 'away')
        return 'written'
      })
      await pass(2000)
      t.equal(await written, 'written')
      t.strictSame(at, [0, 250, 500, 750, 1000])
    })
  }
})

t.test('persisting is given up after half a minute', async (t) => {
  const { now, pass, timers } = createClock()
  let last = 0
  const written = persist(timers, async () => {
    last = now()
    throw new RouterError('store_unavailable', 'away')
  })
  t.rejects(written, { code: 'store_unavailable' })
  await settled()
  await pass(40_000)
  await written.catch(() => {})
  t.equal(last, 30_000)
})

t.test('a failure other than an outage is not retried', async (t) => {
  let times = 0
  const failing = (error: Error) => () => {
    times += 1
    throw error
  }
  await t.rejects(persist(createClock().timers, failing(new TypeError('a fault'))), TypeError)
  await t.rejects(persist(createClock().timers, failing(new RouterError('not_found' satisfies ErrorCode, 'gone'))), {
    code: 'not_found',
  })
  t.equal(times, 2)
})
