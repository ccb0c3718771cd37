import t from 'tap'
// @ts-expect-error a plain script without types
import { shown, table } from '../../bench/table.mjs'

t.test('numbers are as short as they can be read', async (t) => {
  for (const [value, text] of [
    [12_345.6, '12,346'],
    [345.6, '346'],
    [34.56, '34.6'],
    [3.456, '3.46'],
    [3, '3'],
    [0, '0'],
    ['memory', 'memory'],
    [null, '–'],
    [undefined, '–'],
    [{ median: 34.56, spread: 0.043 }, '34.6 ±4%'],
  ] as const) {
    t.equal(shown(value), text)
  }
})

t.test('texts stand to the left and numbers to the right, and a column without a value is left out', async (t) => {
  const rows = [
    { server: 'floor', cpu_us: 9.5, calls: null },
    { server: 'sqlite', cpu_us: 120.4, calls: null },
  ]
  t.equal(table(rows), ['server  cpu us', '──────  ──────', 'floor     9.50', 'sqlite     120'].join('\n'))
})
