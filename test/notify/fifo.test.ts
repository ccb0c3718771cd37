import t from 'tap'
import { createFifo } from '../../src/notify/fifo.js'

t.test('a fifo returns its items in the order of their arrival', async (t) => {
  const fifo = createFifo<number>()
  t.equal(fifo.shift(), undefined)
  const seen: number[] = []
  let next = 0
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < 100; i++) fifo.push(next++)
    for (let i = 0; i < 80; i++) seen.push(fifo.shift()!)
  }
  t.equal(
    fifo.some((n) => n === 0),
    false,
  )
  t.equal(
    fifo.some((n) => n === next - 1),
    true,
  )
  for (let n = fifo.shift(); n !== undefined; n = fifo.shift()) seen.push(n)
  t.strictSame(
    seen,
    Array.from({ length: next }, (_, i) => i),
  )
  fifo.push(7)
  t.equal(fifo.shift(), 7)
  t.equal(fifo.shift(), undefined)
})
