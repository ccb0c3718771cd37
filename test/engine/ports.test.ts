import t from 'tap'
import { RouterError } from '../../src/engine/ports.js'

t.test('an expected failure has a code, and a message for whoever asked', async (t) => {
  const error = new RouterError('store_full', 'Memory is full.')
  t.match(error, { code: 'store_full', message: 'Memory is full.', name: 'RouterError', retryAfterMs: 0 })
  t.type(error, Error)
  t.equal(error.cause, undefined)
  t.match(error.stack, /^RouterError: Memory is full\.|^Error: Memory is full\./)
})

t.test('a RouterError keeps its cause and its time to retry after', async (t) => {
  const cause = new Error('connection refused')
  const error = new RouterError('rate_limited', 'Too many.', { cause, retryAfterMs: 1500 })
  t.equal(error.cause, cause)
  t.equal(error.retryAfterMs, 1500)
})
