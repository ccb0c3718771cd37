import t from 'tap'
import { fieldsOf, isBrokenJson } from '../../../src/http/edge/fields.js'

const ID = '1-2'

t.test('fields are read from a query as the framework parses it', async (t) => {
  t.same(fieldsOf({ conversation_id: ID, count: '2' }), { conversation_id: ID, count: '2' })
  t.same(fieldsOf({ conversation_id: [ID, '3-4'] }), { conversation_id: ID }, 'of two the first counts')
  t.same(fieldsOf({ count: [1, 2] }), {})
})

t.test('fields are read from JSON', async (t) => {
  t.same(
    fieldsOf(`\ufeff {"conversation_id":"${ID}","count":2,"only_if_on":true,"ttl":null,"text":{"a":1},"x":[]}\n`),
    {
      conversation_id: ID,
      count: '2',
      only_if_on: 'true',
    },
  )
  t.same(fieldsOf('{"__proto__":"x","constructor":"y"}'), { constructor: 'y' })
})

t.test('fields are read from a form', async (t) => {
  t.same(fieldsOf(`conversation_id=${ID}&text=two+words%20%D8%B3&count=2`), {
    conversation_id: ID,
    text: 'two words س',
    count: '2',
  })
})

t.test('fields are read from a multipart form', async (t) => {
  const form = [
    '--b0undary',
    'Content-Disposition: form-data; name="conversation_id"',
    '',
    ID,
    '--b0undary',
    'content-type: text/plain; charset=utf-8',
    'content-disposition: form-data; name="text"; filename="x"',
    '',
    'first line',
    '',
    '--not the boundary',
    '--b0undary',
    'Content-Disposition: form-data',
    '',
    'nameless',
    '--b0undary',
    'Content-Disposition: form-data; name="headless"',
    '--b0undary',
    'Content-Disposition: form-data; name="empty"',
    '',
    '',
    '--b0undary--',
    '',
  ]
  t.same(fieldsOf(form.join('\r\n')), {
    conversation_id: ID,
    text: 'first line\r\n\r\n--not the boundary',
    empty: '',
  })
})

t.test('any other body has no fields', async (t) => {
  for (const body of [
    undefined,
    null,
    7,
    true,
    '',
    '{',
    '{"conversation_id":',
    '--',
    '--\r\n--',
    '--b\r\n\r\n',
    '{}',
  ]) {
    t.same(fieldsOf(body), {}, JSON.stringify(body))
  }
  for (const body of ['null', '[{"conversation_id":"1-2"}]', '"text"', '7', '<conversation_id>1-2</conversation_id>']) {
    t.equal(fieldsOf(body)['conversation_id'], undefined, body)
  }
})

t.test('a large body takes no time', async (t) => {
  const startedAt = performance.now()
  for (const part of ['--', '\r\n--x', '--x\r\n', 'content-disposition: form-data; name="a"\r\n\r\n', '&=', '{"a":']) {
    fieldsOf(`--x\r\n${part.repeat(250_000 / part.length)}`)
    fieldsOf(part.repeat(250_000 / part.length))
  }
  t.ok(performance.now() - startedAt < 2_000)
})

t.test('a body that begins like JSON and is none is recognised', async (t) => {
  t.equal(isBrokenJson(' {"conversation_id":"1-2","text":"he said "hi""}'), true)
  for (const body of ['{"text":"hi"}', 'text=hi', '', null, undefined]) t.equal(isBrokenJson(body), false, String(body))
})
