import t from 'tap'
import { errorOf, isPassing } from '../../src/meta/graph-error.js'

t.test('an error is named by its codes, or by the status where it has none', async (t) => {
  t.same(errorOf(400, { code: 10, error_subcode: 2534022 }), { main: '10', sub: '2534022', code: '10/2534022' })
  t.same(errorOf(400, { code: '190' }), { main: '190', sub: null, code: '190' })
  for (const error of [null, {}, { code: 'a word' }, { code: 12345678901 }, { error_subcode: {} }]) {
    t.same(errorOf(503, error), { main: null, sub: null, code: 'http_503' })
  }
})

t.test('limits of a rate and trouble of Meta pass', async (t) => {
  const passes = (status: number, code?: number) =>
    isPassing(status, errorOf(status, code === undefined ? null : { code }))
  t.same(
    [1, 2, 4, 613, 80006].map((code) => passes(400, code)),
    [true, true, true, true, true],
  )
  t.same(
    [10, 100, 190].map((code) => passes(500, code)),
    [false, false, false],
  )
  t.same(
    [429, 500, 503].map((status) => passes(status)),
    [true, true, true],
  )
  t.same(
    [400, 401, 404].map((status) => passes(status)),
    [false, false, false],
  )
})
