import t from 'tap'
import { createTickets } from '../../../src/store/in-process/tickets.js'

function opened() {
  let time = 1_000
  const tickets = createTickets(() => time)
  return {
    ...tickets,
    pass: (ms: number) => {
      time += ms
    },
  }
}

t.test('a ticket is good once, until its time is over', async (t) => {
  const { putTicket: put, takeTicket: take, pass } = opened()
  put('a', 'key of a', 30)
  put('b', 'key of b', 30)
  put('c', 'key of c', 31)
  pass(29)
  t.equal(take('a'), 'key of a')
  t.equal(take('a'), null)
  pass(1)
  t.equal(take('b'), null)
  t.equal(take('c'), 'key of c')
  t.equal(take('d'), null)
})

t.test('an unused ticket cannot be issued again, a used or expired one can', async (t) => {
  const { putTicket: put, takeTicket: take, pass } = opened()
  put('a', 'key of a', 10)
  put('a', 'key of a', 100)
  pass(10)
  t.equal(take('a'), null)
  put('a', 'key of a', 10)
  pass(10)
  put('a', 'key of a', 10)
  pass(9)
  t.equal(take('a'), 'key of a')
})

t.test('above the cap the oldest tickets become invalid', async (t) => {
  const { putTicket: put, takeTicket: take } = opened()
  for (let i = 0; i <= 10_000; i++) put(`${i}`, `key of ${i}`, 30)
  t.equal(take('0'), null)
  t.equal(take('1'), 'key of 1')
  t.equal(take('10000'), 'key of 10000')
})
