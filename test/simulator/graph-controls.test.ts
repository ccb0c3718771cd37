import t from 'tap'
import { GRAPH_FIELDS } from '../../src/simulator/graph-controls.js'

t.test('an order names what it is about in words', async (t) => {
  for (const [order, field] of [
    ['webhook', 'secret'],
    ['page', 'page'],
    ['profile', 'user'],
    ['write', 'user'],
  ] as const) {
    t.ok(GRAPH_FIELDS[order]![field]!.fits('1001'), order)
    t.notOk(GRAPH_FIELDS[order]![field]!.fits(1001), order)
  }
})
