import t from 'tap'
import { quoteBigIds } from '../../src/meta/big-ids.js'

const read = (json: string): unknown => JSON.parse(quoteBigIds(json))

t.test('an id beyond 2^53 keeps its last digit', async (t) => {
  t.same(read('{"id":17841400000000001,"entry":[{"id" : 9007199254740993},12345678901234567890123456789012]}'), {
    id: '17841400000000001',
    entry: [{ id: '9007199254740993' }, '12345678901234567890123456789012'],
  })
  t.same(read('[-17841400000000001,\t17841400000000001\n]'), ['-17841400000000001', '17841400000000001'])
})

t.test('shorter numbers stay numbers', async (t) => {
  t.same(read('[123456789012345,1234567890123456]'), [123456789012345, '1234567890123456'])
  t.equal(quoteBigIds('{"time":1767225600000}'), '{"time":1767225600000}')
})

t.test('fractions and exponents stay numbers, however long', async (t) => {
  const json =
    '[12345678901234567.5,1234567890123456e2,1234567890123456E+2,1.12345678901234567,-1234567890123456.25e-3]'
  t.equal(quoteBigIds(json), json)
})

t.test('digits inside a string are left alone', async (t) => {
  for (const text of [
    '"id":17841400000000001',
    'a\\"id\\":17841400000000001',
    ': 17841400000000001',
    '[17841400000000001',
    '\\\\',
    '\\\\\\": 17841400000000001',
    '\\u0022:17841400000000001',
    'two\nlines: 17841400000000001',
    '',
  ]) {
    const value = { text, id: 'x' }
    const json = JSON.stringify(value).replace('"x"', '17841400000000001')
    t.same(read(json), { text, id: '17841400000000001' }, JSON.stringify(text))
  }
  t.same(read('{"17841400000000001":{"a:17841400000000001":17841400000000001}}'), {
    '17841400000000001': { 'a:17841400000000001': '17841400000000001' },
  })
})

t.test('invalid JSON stays invalid', async (t) => {
  for (const json of [
    '[00000000000000000001]',
    '[017841400000000001]',
    '{"a":17841400000000001',
    '[1784140000000000x1]',
  ]) {
    t.throws(() => read(json), SyntaxError, json)
  }
})

t.test('large and broken bodies are scanned in linear time', { timeout: 5_000 }, async (t) => {
  const mega = 1024 * 1024
  const id = ':17841400000000001'
  for (const [what, json] of [
    ['a long text', `["${'x'.repeat(mega)}"${id}`],
    ['a long text of escapes', `["${'\\"'.repeat(mega / 2)}"${id}`],
    ['one that nobody closes', `["${'\\"'.repeat(mega / 2)}${id}`],
    ['one that ends within an escape', `${id}"${'\\"'.repeat(mega / 2)}\\`],
    ['quotes alone', `${id}${'"'.repeat(mega)}`],
    ['digits alone', `[${'7'.repeat(mega)}.`],
    ['depth', `${'['.repeat(mega)}17841400000000001`],
  ] as const) {
    const before = process.cpuUsage().user
    quoteBigIds(json)
    t.ok(process.cpuUsage().user - before < 500_000, what)
  }
})
