import t from 'tap'
import { andThen, type MaybePromise } from '../../src/engine/maybe-promise.js'

t.test('a plain value continues synchronously', async (t) => {
  t.equal(
    andThen(1, (value) => value + 1),
    2,
  )
  t.equal(
    andThen(null, (value) => value),
    null,
  )
})

t.test('a promise continues when it is resolved', async (t) => {
  const soon: MaybePromise<number> = andThen(Promise.resolve(1), (value) => value + 1)
  t.type(soon, Promise)
  t.equal(await soon, 2)
  t.equal(await andThen(1, async (value) => value + 1), 2)
  t.equal(await andThen(Promise.resolve(1), async (value) => value + 1), 2)
})

t.test('a rejection is passed on', async (t) => {
  const fail = () => {
    throw new Error('no')
  }
  t.throws(() => andThen(1, fail), { message: 'no' })
  await t.rejects(async () => andThen(Promise.resolve(1), fail), { message: 'no' })
  const next = t.capture({ next: (value: unknown) => value }, 'next')
  await t.rejects(async () => andThen(Promise.reject(new Error('before')), next), { message: 'before' })
  t.strictSame(next(), [], 'what follows is not asked')
})
