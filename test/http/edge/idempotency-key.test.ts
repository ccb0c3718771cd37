import t from 'tap'
import { idempotencyKeyOf } from '../../../src/http/edge/idempotency-key.js'

const keyIn = (key: string | string[] | undefined): string | null =>
  idempotencyKeyOf({ headers: key === undefined ? {} : { 'idempotency-key': key } })

t.test('a key is taken as it is, and none is none', async (t) => {
  t.equal(keyIn(undefined), null)
  t.equal(keyIn(''), null, 'as Dify’s tools send what nobody filled in')
  for (const key of ['a', 'run-1', '{"a":1}', '!~', 'x'.repeat(255)]) t.equal(keyIn(key), key)
})

t.test('a key that no caller can have meant is refused', async (t) => {
  for (const key of [
    ' ',
    'two words',
    'ключ',
    'x'.repeat(256),
    '{{sys.workflow_run_id}}',
    '{{#1.text#}}',
    'x#}',
    ['a', 'b'],
  ]) {
    t.throws(() => keyIn(key), { code: 'invalid_request', message: /Idempotency-Key/ }, String(key))
  }
})
