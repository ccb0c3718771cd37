import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { createReadBody } from '../../../src/http/edge/bodies.js'

const KIB = 1024

function reading(mostOfAll = 100 * KIB, most = 64 * KIB) {
  const readBody = createReadBody(mostOfAll)
  const start = (length?: number) => {
    const ends: string[] = []
    const raw = Object.assign(new EventEmitter(), {
      headers: length === undefined ? {} : { 'content-length': `${length}` },
      destroy: () => ends.push('connection closed'),
    })
    readBody(raw as unknown as IncomingMessage, most, (error, body) => {
      ends.push(error === null ? body.toString() : (error as Error & { code: string }).code)
    })
    return {
      ends,
      raw,
      piece: (text: string) => raw.emit('data', Buffer.from(text)),
      end: () => raw.emit('end'),
    }
  }
  return { start }
}

t.test('a body is the same in whatever pieces it comes', async (t) => {
  const text = 'سلام '.repeat(2_000)
  const bytes = Buffer.from(text)
  for (const size of [bytes.length, 10_000, 4_096, 1_000, 33]) {
    for (const length of [bytes.length, undefined]) {
      const { raw, ends, end } = reading().start(length)
      for (let at = 0; at < bytes.length; at += size) raw.emit('data', bytes.subarray(at, at + size))
      end()
      t.same(ends, [text], `${size} ${length}`)
    }
  }
  const empty = reading().start()
  empty.end()
  t.same(empty.ends, [''])
})

t.test('a body that is too long, breaks off or comes in tiny chunks is refused once', async (t) => {
  t.same(reading().start(64 * KIB + 1).ends, ['payload_too_large'])
  const long = reading().start()
  long.piece('x'.repeat(64 * KIB))
  t.same(long.ends, [])
  long.piece('x')
  long.piece('x')
  long.end()
  t.same(long.ends, ['payload_too_large'])

  const broken = reading().start(10)
  broken.piece('x')
  broken.raw.emit('error', new Error('aborted'))
  t.same(broken.ends, ['bad_request'])

  const crumbs = reading().start()
  for (let i = 0; i < 255; i++) crumbs.piece('x')
  t.same(crumbs.ends, [])
  crumbs.piece('x')
  crumbs.piece('x')
  t.same(crumbs.ends, ['bad_request', 'connection closed'])
})

t.test('above the bound for all bodies the largest one is dropped', async (t) => {
  const { start } = reading()
  const large = start()
  const small = start()
  const other = start()
  large.piece('x'.repeat(60 * KIB))
  small.piece('x'.repeat(20 * KIB))
  t.same(large.ends, [])
  other.piece('x'.repeat(30 * KIB))
  t.same(large.ends, ['overloaded'])
  large.piece('x')
  const whole = start(7)
  whole.piece('at once')
  whole.end()
  t.same(whole.ends, ['at once'])
  small.end()
  other.end()
  t.same([small.ends[0]!.length, other.ends[0]!.length], [20 * KIB, 30 * KIB])
  const next = start()
  next.piece('x'.repeat(64 * KIB))
  next.end()
  t.equal(next.ends[0]!.length, 64 * KIB, 'what was given back is there again')
})

t.test('the largest may be the one that asks for more', async (t) => {
  const { start } = reading(40 * KIB)
  const one = start()
  one.piece('x'.repeat(8 * KIB))
  one.piece('x'.repeat(40 * KIB))
  t.same(one.ends, ['overloaded'])
})
