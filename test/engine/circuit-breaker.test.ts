import t from 'tap'
import { type CircuitBreaker, createCircuitBreaker } from '../../src/engine/circuit-breaker.js'
import { SECOND } from '../fixtures/conversation.js'

function failing(circuit: CircuitBreaker, times: number, now: number): void {
  for (let i = 0; i < times; i++) {
    circuit.began()
    circuit.ended(false, now)
  }
}

t.test('as long as the assistant works every question may be asked at once', async (t) => {
  const circuit = createCircuitBreaker()
  t.equal(circuit.isOpen(), false)
  for (let i = 0; i < 20; i++) {
    t.equal(circuit.acquire(i), 0)
    circuit.began()
  }
  for (let i = 0; i < 20; i++) circuit.ended(true, i)
  t.equal(circuit.acquire(20), 0)
})

t.test('single failures are nothing, however many there are', async (t) => {
  const circuit = createCircuitBreaker()
  for (let i = 0; i < 10; i++) {
    failing(circuit, 4, i)
    circuit.began()
    circuit.ended(true, i)
  }
  t.equal(circuit.isOpen(), false)
  t.equal(circuit.acquire(10), 0)
})

t.test('five in a row keep the others away for a while, and then one of them finds out', async (t) => {
  const circuit = createCircuitBreaker()
  failing(circuit, 5, 1000)
  t.equal(circuit.isOpen(), true)
  t.equal(circuit.acquire(1000), 3000)
  t.equal(circuit.acquire(2999), 3000)
  t.equal(circuit.acquire(3000), 0, 'the one')
  t.equal(circuit.acquire(3000), 3500, 'the others wait for what it finds')
  circuit.began()
  t.equal(circuit.acquire(3500), 4000)
  t.equal(circuit.acquire(60_000), 60_500, 'as long as it takes')
  circuit.ended(true, 60_000)
  t.equal(circuit.isOpen(), false)
  t.equal(circuit.acquire(60_000), 0)
  t.equal(circuit.acquire(60_000), 0)
})

t.test('each probe that fails makes the rest longer, up to half a minute, and a success ends that', async (t) => {
  const circuit = createCircuitBreaker()
  let now = 0
  failing(circuit, 5, now)
  const rests: number[] = []
  for (let i = 0; i < 6; i++) {
    rests.push(circuit.acquire(now) - now)
    now = circuit.acquire(now)
    t.equal(circuit.acquire(now), 0)
    failing(circuit, 1, now)
  }
  t.strictSame(
    rests,
    [2, 4, 8, 16, 30, 30].map((s) => s * SECOND),
  )
  circuit.ended(true, now)
  failing(circuit, 5, now)
  t.equal(circuit.acquire(now) - now, 2 * SECOND)
})

t.test('should the one not ask after all, the next one may', async (t) => {
  const circuit = createCircuitBreaker()
  failing(circuit, 5, 0)
  t.equal(circuit.acquire(2000), 0)
  t.equal(circuit.acquire(2400), 2900)
  t.equal(circuit.acquire(2500), 0)
})

t.test('a question that was given up on the way tells nothing about the assistant', async (t) => {
  const circuit = createCircuitBreaker()
  failing(circuit, 4, 0)
  circuit.began()
  circuit.ended(null, 0)
  failing(circuit, 1, 0)
  t.equal(circuit.isOpen(), true)
  t.equal(circuit.acquire(2000), 0)
  circuit.began()
  circuit.ended(null, 2100)
  t.equal(circuit.isOpen(), true)
  t.equal(circuit.acquire(2500), 0, 'the next one finds out')
})

t.test('concurrent failures count as one, and a late success as a success', async (t) => {
  const circuit = createCircuitBreaker()
  for (let i = 0; i < 100; i++) circuit.began()
  for (let i = 0; i < 99; i++) circuit.ended(false, 0)
  t.equal(circuit.acquire(0), 2000)
  circuit.ended(true, 100)
  t.equal(circuit.isOpen(), false)
  t.equal(circuit.acquire(100), 0)
  failing(circuit, 5, 200)
  t.equal(circuit.acquire(200), 2200)
})
