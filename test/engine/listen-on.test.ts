import t from 'tap'
import { listenOn } from '../../src/engine/listen-on.js'

for (const [mayHaveSpoken, stopAfter] of [
  [false, 0],
  [true, 3_000],
] as const) {
  t.test(`a run that ${mayHaveSpoken ? 'may have' : 'has not'} spoken is stopped after ${stopAfter} ms`, async (t) => {
    const timers = new Map<number, () => void>()
    const done: string[] = []
    const cancel = listenOn(
      {
        after(ms, run) {
          timers.set(ms, run)
          return () => timers.delete(ms)
        },
      },
      { mayHaveSpoken, stop: () => done.push('stop'), endCall: () => done.push('end') },
    )
    t.strictSame([...timers.keys()], [stopAfter, 15_000])
    for (const run of timers.values()) run()
    t.strictSame(done, ['stop', 'end'])
    cancel()
    t.equal(timers.size, 0)
  })
}
