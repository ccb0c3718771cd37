import t from 'tap'
import { RouterError } from '../../src/engine/ports.js'

t.test('an error says what to do, and the log may say it without the words of the caller', async (t) => {
  const cause = new Error('no disk')
  const plain = new RouterError('store_full', 'Memory is full.', { cause })
  t.match(plain, {
    name: 'RouterError',
    code: 'store_full',
    message: 'Memory is full.',
    logged: 'Memory is full.',
    cause,
  })
  t.equal(plain.retryAfterMs, 0)
  const named = new RouterError('rate_limited', 'x is too often.', { retryAfterMs: 5, logged: 'Too often.' })
  t.match(named, { message: 'x is too often.', logged: 'Too often.', retryAfterMs: 5 })
})
