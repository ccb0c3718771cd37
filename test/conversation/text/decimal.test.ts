import t from 'tap'
import { decimal } from '../../../src/conversation/text/decimal.js'

t.test('is the number as a text, whatever its size', async (t) => {
  const edges = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 9_999_999_999, 10 ** 10, 10 ** 13 - 1, Number.MAX_SAFE_INTEGER]
  for (const n of [...edges, Date.UTC(2026, 10, 29), -1, -Date.UTC(2026, 10, 29)]) t.equal(decimal(n), String(n))
  for (let i = 0; i < 1_000; i++) {
    const n = Math.floor(Math.random() * 2 ** Math.floor(Math.random() * 54))
    if (decimal(n) !== String(n)) t.fail(`${n}`)
  }
})
