import t from 'tap'
import { DIFY_FIELDS } from '../../src/simulator/dify-controls.js'

t.test('an order tells which faults it is for, and for how long connections are refused', async (t) => {
  const { script, refuse } = DIFY_FIELDS
  const accepted = (field: { fits(value: unknown): boolean }, values: readonly unknown[]) => values.filter(field.fits)
  t.strictSame(accepted(script!['on']!, ['ask', 'lookup', undefined, 'all', 1]), ['ask', 'lookup', undefined])
  t.strictSame(accepted(refuse!['forMs']!, [100, undefined, '100']), [100, undefined])
})
