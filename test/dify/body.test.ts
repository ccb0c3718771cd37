import t from 'tap'
import { createBody } from '../../src/dify/body.js'

t.test('a body is read as one, wherever it was cut', async (t) => {
  const body = createBody(100)
  const bytes = Buffer.from('{"a":"سلام"}')
  for (const byte of bytes) t.ok(body.take(Buffer.from([byte])))
  t.same(body.json(), { a: 'سلام' })
})

t.test('a body above the limit is not kept at all', async (t) => {
  const body = createBody(8)
  t.ok(body.take(Buffer.from('{"a":1}')))
  t.notOk(body.take(Buffer.from('  ')))
  t.equal(body.json(), null)
})
