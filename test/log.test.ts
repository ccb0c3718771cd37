import { pino } from 'pino'
import t from 'tap'
import { createLog } from '../src/log.js'
import fc from './fixtures/property.js'

const NOW = Date.UTC(2026, 0, 1)

function twoLogs(level = 'debug') {
  const lines: string[] = []
  const expected: string[] = []
  const log = createLog(level, { write: (line, end = '') => lines.push(line + end) }, () => NOW)
  const plain = pino(
    { level, base: null, timestamp: () => ',"time":"2026-01-01T00:00:00.000Z"' },
    { write: (line: string) => expected.push(line) },
  )
  return { log, plain, lines, expected }
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

t.test('a line is what pino writes, whatever it holds', async () => {
  const { log, plain, lines, expected } = twoLogs()
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', '"', '\\', '\ud800', '\udc00x', '😀', 'سلام', '\u007f', '\u2028'),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(fc.integer(), { maxLength: 2 }),
    fc.constant(new Error('broken')),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...LEVELS),
      fc.dictionary(fc.string({ unit: 'grapheme' }), value, { maxKeys: 5 }),
      fc.string({ unit: 'binary' }),
      (level, facts, message) => {
        log[level](facts, message)
        plain[level](facts, message)
        return lines.at(-1) === expected.at(-1) && lines.length === expected.length
      },
    ),
  )
})

t.test('what is no object with a message goes to pino as it is', async (t) => {
  const { log, plain, lines, expected } = twoLogs()
  for (const each of [log, plain]) {
    each.info('words')
    each.info('words with %s', 'a value')
    each.warn({ fact: 1 })
    each.warn({ fact: 1 }, 'words with %s', 'a value')
    each.error(new Error('broken'), 'words')
    each.error({ err: new Error('broken') })
    each.debug(null, 'words')
    each.child({ of: 'a child' }).info({ fact: 1 }, 'words')
  }
  const withoutStacks = (all: readonly string[]) => all.map((line) => line.replace(/"stack":"[^"]*"/, ''))
  t.same(withoutStacks(lines), withoutStacks(expected))
  t.equal(lines.length, 8)
})

t.test('lines below the level are not written', async (t) => {
  const { log, plain, lines, expected } = twoLogs('warn')
  for (const each of [log, plain]) for (const level of LEVELS) each[level]({ fact: 1 }, level)
  t.same(lines, expected)
  t.equal(lines.length, 3)
  const silent = twoLogs('silent')
  silent.log.error({ fact: 1 }, 'words')
  t.same(silent.lines, [])
})

t.test('a line bears the time at which it is written', async (t) => {
  const lines: string[] = []
  createLog('info', { write: (line, end = '') => lines.push(line + end) }).info({}, 'words')
  t.ok(Math.abs(Date.now() - Date.parse(JSON.parse(lines[0]!).time)) < 60_000)
})
