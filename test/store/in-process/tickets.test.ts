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
  const { put, take, pass } = opened()
  put('a', 30)
  put('b', 30)
  put('c', 31)
  pass(29)
  t.equal(take('a'), true)
  t.equal(take('a'), false)
  pass(1)
  t.equal(take('b'), false)
  t.equal(take('c'), true)
  t.equal(take('d'), false)
})

t.test('one that is out cannot be given out again, one that was used or ran out can', async (t) => {
  const { put, take, pass } = opened()
  put('a', 10)
  put('a', 100)
  pass(10)
  t.equal(take('a'), false)
  put('a', 10)
  pass(10)
  put('a', 10)
  pass(9)
  t.equal(take('a'), true)
})

t.test('of too many the oldest are worth nothing any more', async (t) => {
  const { put, take } = opened()
  for (let i = 0; i <= 10_000; i++) put(`${i}`, 30)
  t.equal(take('0'), false)
  t.equal(take('1'), true)
  t.equal(take('10000'), true)
})
