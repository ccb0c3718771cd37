import t from 'tap'
import { createEventReader } from '../../src/dify/sse.js'

const text = [
  ': a comment',
  'event: ping',
  '',
  'id: 7',
  'retry: 100',
  'data: {"event":"message","answer":"سلام 😀 first"}\r',
  '\r',
  'data:{"answer":"second"}',
  'data: [DONE]',
  'data: {"answer":"cut',
  'data: 7',
  '',
  '',
].join('\n')
const events = [{ event: 'message', answer: 'سلام 😀 first' }, { answer: 'second' }]

t.test('events are read alike wherever the bytes are cut', async (t) => {
  const bytes = Buffer.from(text)
  for (let size = 1; size <= bytes.length; size++) {
    const reader = createEventReader()
    const found: object[] = []
    for (let at = 0; at < bytes.length; at += size) found.push(...reader.take(bytes.subarray(at, at + size)))
    t.same(found, events, `in pieces of ${size}`)
  }
})

t.test('a last line that nobody ended counts', async (t) => {
  const reader = createEventReader()
  t.same(reader.take(Buffer.from('data: {"a":1}')), [])
  t.same(reader.end(), [{ a: 1 }])
  t.same(reader.end(), [])
})

t.test('invalid UTF-8 becomes replacement characters', async (t) => {
  const reader = createEventReader()
  const bytes = Buffer.concat([
    Buffer.from('data: {"a":"x'),
    Buffer.from([0xff, 0xc3]),
    Buffer.from('"}\ndata: {"b":1}\n'),
  ])
  t.same(reader.take(bytes), [{ a: 'x\ufffd\ufffd' }, { b: 1 }])
})
