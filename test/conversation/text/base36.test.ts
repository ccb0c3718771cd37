import t from 'tap'
import { base36 } from '../../../src/conversation/text/base36.js'

t.test('is the number in base 36, whatever its size', async (t) => {
  const edges = [0, 1, 35, 36 ** 4 - 1, 36 ** 4, 36 ** 4 + 1, 36 ** 8, Date.UTC(2026, 10, 29), Number.MAX_SAFE_INTEGER]
  for (const n of [...edges, -1, -Date.UTC(2026, 10, 29)]) t.equal(base36(n), n.toString(36), `${n}`)
  for (let i = 0; i < 1_000; i++) {
    const n = Math.floor(Math.random() * 2 ** Math.floor(Math.random() * 53))
    if (base36(n) !== n.toString(36)) t.fail(`${n}`)
  }
})
