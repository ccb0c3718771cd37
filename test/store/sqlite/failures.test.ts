import t from 'tap'
import { RouterError } from '../../../src/engine/ports.js'
import { failureOf } from '../../../src/store/sqlite/failures.js'

const sqliteError = (errcode: number, message: string): Error => Object.assign(new Error(message), { errcode })

t.test('errors of SQLite become the engine’s, and say what to do', async (t) => {
  for (const [error, code, message] of [
    [sqliteError(13, 'database or disk is full'), 'store_full', /^The disk that holds x\.db is full: make room/],
    [
      sqliteError(8, 'attempt to write a readonly database'),
      'store_unavailable',
      /cannot be opened or written: check that/,
    ],
    [sqliteError(1032, 'attempt to write a readonly database'), 'store_unavailable', /cannot be opened or written/],
    [sqliteError(14, 'unable to open database file'), 'store_unavailable', /cannot be opened or written/],
    [
      Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }),
      'store_unavailable',
      /cannot be opened or written/,
    ],
    [sqliteError(11, 'malformed'), 'store_unavailable', /damaged \(malformed\)\. .*\.recover/],
    [sqliteError(26, 'file is not a database'), 'store_unavailable', /damaged \(file is not a database\)/],
    [sqliteError(10, 'disk I/O error'), 'store_unavailable', /cannot be used: disk I\/O error/],
    [new Error('a fault'), 'store_unavailable', /cannot be used: a fault/],
  ] as const) {
    const failure = failureOf(error, 'x.db')
    t.equal(failure.code, code)
    t.match(failure.message, message)
    t.equal(failure.cause, error)
  }
  const known = new RouterError('store_full', 'known')
  t.equal(failureOf(known, 'x.db'), known)
})
