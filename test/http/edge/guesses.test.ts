import t from 'tap'
import { createGuesses } from '../../../src/http/edge/guesses.js'

function opened() {
  let now = 0
  const waits: number[] = []
  const guesses = createGuesses(
    () => now,
    async (ms) => void waits.push(ms),
  )
  return {
    ...guesses,
    waits,
    pass(ms: number) {
      now += ms
    },
    async guess(address: string, many: number) {
      for (let i = 0; i < many; i++) {
        await guesses.turn(address, `${i}`)
        guesses.wrong(address)
      }
    },
  }
}

t.test('the turns of an address become longer with each wrong token, up to a bound', async (t) => {
  const { guess, waits, turn, pass } = opened()
  await guess('a', 20)
  t.same(waits, [])
  t.equal(turn('b', 'x'), null, 'another address does not wait')
  await guess('a', 3)
  t.same(waits, [0, 5, 10.25])
  pass(1_000)
  await turn('a', 'x')
  t.equal(waits.at(-1), 0, 'turns that nobody took are not saved up, and not to be waited for')
  pass(59_000)
  t.equal(turn('a', 'x'), null, 'a minute later it begins anew')
})

t.test('the delay for a token and the number of waiting ones are bounded', async (t) => {
  const { wrong, turn, waits } = opened()
  for (let i = 0; i < 5_000; i++) wrong('a')
  for (let i = 0; i < 16; i++) await turn('a', 'x')
  t.same(waits.slice(0, 3), [0, 250, 500])
  t.throws(() => turn('a', 'x'), { code: 'rate_limited', retryAfterMs: 4_000 })
})

t.test('a token that was good from an address is let through there', async (t) => {
  const { right, wrong, turn } = opened()
  right('a', 'good')
  right('a', 'good')
  for (let i = 0; i < 30; i++) {
    wrong('a')
    wrong('b')
  }
  t.equal(turn('a', 'good'), null)
  t.ok(turn('b', 'good'))
  for (let i = 0; i < 10_000; i++) right('c', `${i}`)
  t.ok(turn('a', 'good'), 'of too many pairs none is remembered')
})

t.test('the memory of addresses is bounded', async (t) => {
  const { wrong, turn } = opened()
  for (let i = 0; i < 30; i++) wrong('a')
  for (let i = 0; i < 10_000; i++) wrong(`${i}`)
  t.equal(turn('a', 'x'), null)
})
