import t from 'tap'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { createInTurn } from '../../src/engine/in-turn.js'
import { RouterError } from '../../src/engine/ports.js'

const A = conversationIdOf('1', '2')
const B = conversationIdOf('1', '3')

/** Work that ends when it is told to, and says when it began. */
function works() {
  const begun: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  return {
    begun,
    work: (name: string) => () => {
      begun.push(name)
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)))
      })
    },
    async end(name: string, error?: Error) {
      ends.get(name)!(error)
      await new Promise(setImmediate)
    },
  }
}

t.test('work that is done at once is done at once', async (t) => {
  const inTurn = createInTurn()
  t.equal(
    inTurn(A, () => 1),
    1,
  )
  t.throws(
    () =>
      inTurn(A, () => {
        throw new Error('no')
      }),
    { message: 'no' },
  )
  t.equal(
    inTurn(A, () => 2),
    2,
  )
})

t.test('work on one conversation is done in the order it came, one after the other', async (t) => {
  const inTurn = createInTurn()
  const { begun, work, end } = works()
  const results = [inTurn(A, work('1')), inTurn(A, work('2')), inTurn(A, () => 'at once'), inTurn(A, work('3'))]
  t.strictSame(begun, ['1'])
  await end('1')
  t.strictSame(begun, ['1', '2'])
  await end('2')
  t.strictSame(begun, ['1', '2', '3'])
  await end('3')
  t.strictSame(await Promise.all(results), ['1', '2', 'at once', '3'])
})

t.test('conversations do not wait for each other', async (t) => {
  const inTurn = createInTurn()
  const { begun, work, end } = works()
  inTurn(A, work('a'))
  const other = inTurn(B, work('b'))
  t.strictSame(begun, ['a', 'b'])
  await end('b')
  t.equal(await other, 'b')
  t.equal(
    inTurn(B, () => 'again'),
    'again',
    'and where nothing is under way nobody waits',
  )
})

t.test('a failed event does not stop those behind it', async (t) => {
  const inTurn = createInTurn()
  const { work, end } = works()
  const [first, second] = [inTurn(A, work('1')), inTurn(A, work('2'))]
  const failed = t.rejects(async () => first, { message: 'broken' })
  await end('1', new Error('broken'))
  await failed
  await end('2')
  t.equal(await second, '2')
})

t.test('during an outage of the store the queued events fail along with the first', async (t) => {
  const inTurn = createInTurn()
  const { begun, work, end } = works()
  const waiting = [inTurn(A, work('1')), inTurn(A, work('2')), inTurn(A, work('3'))]
  const failed = waiting.map((each) => t.rejects(async () => each, { code: 'store_unavailable' }))
  await end('1', new RouterError('store_unavailable', 'away'))
  await Promise.all(failed)
  t.strictSame(begun, ['1'])
  const next = inTurn(A, work('4'))
  t.strictSame(begun, ['1', '4'], 'whoever comes later tries again')
  await end('4')
  t.equal(await next, '4')
})

t.test('a failure with another code concerns its own event only', async (t) => {
  const inTurn = createInTurn()
  const { work, end } = works()
  const [first, second] = [inTurn(A, work('1')), inTurn(A, work('2'))]
  const failed = t.rejects(async () => first, { code: 'store_full' })
  await end('1', new RouterError('store_full', 'full'))
  await failed
  await end('2')
  t.equal(await second, '2')
})
