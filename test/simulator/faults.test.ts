import t from 'tap'
import { createFaults } from '../../src/simulator/faults.js'

interface Fault {
  readonly n: number
}

t.test('each scripted fault is used up by one request, in order', async (t) => {
  const faults = createFaults<Fault>()
  faults.script('a', [{ n: 1 }])
  faults.script('a', [{ n: 2 }])
  t.strictSame(faults.next('b'), {})
  t.strictSame([faults.next('a'), faults.next('a'), faults.next('a')], [{ n: 1 }, { n: 2 }, {}])
})

t.test('a star stands for every name, after the own queue', async (t) => {
  const faults = createFaults<Fault>()
  faults.script('*', [{ n: 9 }])
  faults.script('a', [{ n: 1 }])
  t.strictSame([faults.next('a'), faults.next('a'), faults.next('b')], [{ n: 1 }, { n: 9 }, {}])
})

t.test('a standing fault stays behind the queues until it is taken back', async (t) => {
  const faults = createFaults<Fault>()
  faults.always('*', { n: 8 })
  faults.always('a', { n: 7 })
  faults.script('a', [{ n: 1 }])
  t.strictSame([faults.next('a'), faults.next('a'), faults.next('a')], [{ n: 1 }, { n: 7 }, { n: 7 }])
  t.strictSame(faults.standing('a'), { n: 7 })
  faults.always('a', null)
  t.strictSame(faults.next('a'), { n: 8 })
})

t.test('a reset forgets them all', async (t) => {
  const faults = createFaults<Fault>()
  faults.always('*', { n: 8 })
  faults.script('a', [{ n: 1 }])
  faults.reset()
  t.strictSame(faults.next('a'), {})
})
