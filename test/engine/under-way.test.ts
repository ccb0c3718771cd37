import t from 'tap'
import { createUnderWay } from '../../src/engine/under-way.js'

t.test('without work idle resolves at once', async (t) => {
  const underWay = createUnderWay()
  t.equal(underWay.size, 0)
  await underWay.idle()
})

t.test('waiting for idle includes work that starts meanwhile', async (t) => {
  const underWay = createUnderWay()
  const ends: (() => void)[] = []
  const work = (): Promise<void> => new Promise((resolve) => ends.push(resolve))
  underWay.add(work())
  underWay.add(work())
  t.equal(underWay.size, 2)
  let isIdle = false
  const idle = underWay.idle().then(() => {
    isIdle = true
  })
  ends[0]!()
  await new Promise(setImmediate)
  t.equal(underWay.size, 1)
  underWay.add(work())
  ends[1]!()
  await new Promise(setImmediate)
  t.equal(isIdle, false)
  t.equal(underWay.size, 1)
  ends[2]!()
  await idle
  t.equal(underWay.size, 0)
})
