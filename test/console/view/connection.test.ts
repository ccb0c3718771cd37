import t from 'tap'
import { type Connection, refusalInWords, retryDelay, statusLineOf } from '../../../src/console/view/connection.js'

t.test('the status line has the state, and the time of the next attempt', async (t) => {
  const lines: readonly (readonly [Connection, string, string | null])[] = [
    [{ is: 'connecting' }, 'Connecting …', null],
    [{ is: 'live' }, 'Live', null],
    [{ is: 'refused' }, 'This token is not accepted any more.', null],
    [{ is: 'away', retryAt: 3000 }, 'The router does not answer.', 'Trying again in 2 s.'],
    [{ is: 'away', retryAt: 1000 }, 'The router does not answer.', 'Trying again …'],
    [
      { is: 'unready', code: 'store_full', retryAt: 0 },
      'The router’s memory is full of open work. Meta will send again what comes meanwhile.',
      'Trying again …',
    ],
    [{ is: 'unready', code: 'new', retryAt: 0 }, 'The router cannot work at the moment.', 'Trying again …'],
  ]
  for (const [connection, words, retry] of lines) t.match(statusLineOf(connection, 1000), { words, retry }, words)
})

t.test('attempts to reconnect get rarer, and are spread', async (t) => {
  t.equal(retryDelay(0, 1), 500)
  t.equal(retryDelay(2, 1), 2000)
  t.equal(retryDelay(99, 1), 10_000)
  t.equal(retryDelay(99, 0), 7_000)
})

t.test('a failed action is explained', async (t) => {
  t.match(refusalInWords({ status: 0, code: 'away', message: '' }), /^Not done: the router does not answer/)
  t.match(refusalInWords({ status: 401, code: 'unauthorized', message: '' }), /token/)
  t.equal(
    refusalInWords({ status: 400, code: 'invalid_request', message: 'text is needed.' }),
    'Not done: text is needed.',
  )
})
