import { Registry } from 'prom-client'
import t from 'tap'
import { createCounter } from '../../../src/http/metrics/counter.js'

const samplesOf = async (registry: Registry): Promise<readonly string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))

t.test('a counter counts by two labels, by one, or by none', async (t) => {
  const registry = new Registry()
  const events = createCounter(
    registry,
    'events_total',
    'Events.',
    ['event', 'outcome'],
    [{ event: 'a', outcome: 'x' }],
  )
  const ends = createCounter(registry, 'ends_total', 'Ends.', ['outcome'], [{ outcome: 'x' }])
  const all = createCounter(registry, 'all_total', 'All.', [], [{}])
  t.strictSame(await samplesOf(registry), [
    'events_total{event="a",outcome="x"} 0',
    'ends_total{outcome="x"} 0',
    'all_total 0',
  ])
  events.add(1, 'a', 'x')
  events.add(2, 'a', 'x')
  events.add(1, 'a', 'y')
  events.add(1, 'b', 'x')
  ends.add(4, 'x')
  ends.add(1, 'y')
  all.add(5)
  t.strictSame(await samplesOf(registry), [
    'events_total{event="a",outcome="x"} 3',
    'events_total{event="a",outcome="y"} 1',
    'events_total{event="b",outcome="x"} 1',
    'ends_total{outcome="x"} 4',
    'ends_total{outcome="y"} 1',
    'all_total 5',
  ])
})

t.test('a counter of nothing known beforehand begins without series', async (t) => {
  const registry = new Registry()
  const counter = createCounter(registry, 'tries_total', 'Tries.', ['outcome'], [])
  t.strictSame(await samplesOf(registry), [])
  counter.add(1, 'new')
  t.strictSame(await samplesOf(registry), ['tries_total{outcome="new"} 1'])
})
