import Fastify from 'fastify'
import t from 'tap'
import { RouterError } from '../../../src/engine/ports.js'
import { createLogRefusal } from '../../../src/http/edge/refusal-log.js'

function refusing() {
  let now = 0
  const lines: { facts: object; message: string }[] = []
  const warn = (facts: object, message: string) => void lines.push({ facts, message })
  const logRefusal = createLogRefusal({ debug() {}, info() {}, warn, error() {} }, () => now)
  const app = Fastify({ trustProxy: true, genReqId: () => 'r-1' })
  app.setErrorHandler((error, request, reply) => {
    logRefusal(error as RouterError, request)
    reply.code(400).send()
  })
  app.post('/api/things/:id', async (request) => {
    throw new RouterError((request.headers['x-code'] as 'forbidden') ?? 'unauthorized', 'Send a valid token.')
  })
  const refuse = (from: string, code?: string) =>
    app.inject({
      method: 'POST',
      url: '/api/things/secret?token=hidden',
      headers: { 'x-forwarded-for': from, ...(code === undefined ? {} : { 'x-code': code }) },
    })
  return {
    lines,
    refuse,
    pass: (ms: number) => {
      now += ms
    },
  }
}

t.test('a refusal is logged with what it takes to find its cause, and nothing of what was sent', async (t) => {
  const { lines, refuse } = refusing()
  await refuse('10.0.0.1')
  t.strictSame(lines, [
    {
      facts: {
        req_id: 'r-1',
        code: 'unauthorized',
        method: 'POST',
        route: '/api/things/:id',
        address: '10.0.0.1',
        more: 0,
      },
      message: 'request refused: Send a valid token.',
    },
  ])
})

t.test('repeated refusals of one address are counted and logged once a minute', async (t) => {
  const { lines, refuse, pass } = refusing()
  for (let i = 0; i < 5; i++) await refuse('10.0.0.1')
  await refuse('10.0.0.2')
  await refuse('10.0.0.1', 'forbidden')
  t.equal(lines.length, 3)
  pass(60_000)
  await refuse('10.0.0.1')
  t.match(lines[3], { facts: { code: 'unauthorized', more: 4 } })
})

t.test('the memory of refused addresses is bounded', async (t) => {
  const { lines, refuse } = refusing()
  for (let i = 0; i < 1_001; i++) await refuse(`10.0.${i >> 8}.${i & 255}`)
  await refuse('10.0.0.0')
  t.equal(lines.length, 1_002, 'the first one was forgotten, and is said again')
})

t.test('refusals of many addresses share a number of lines a minute, and the rest is counted', async (t) => {
  const { lines, refuse, pass } = refusing()
  for (let i = 0; i < 2_010; i++) await refuse(`10.0.${i >> 8}.${i & 255}`)
  t.equal(lines.length, 2_000)
  pass(60_000)
  await refuse('10.0.0.1')
  t.match(lines.slice(2_000), [{ facts: { more: 10 } }, { facts: { address: '10.0.0.1', more: 0 } }])
})

t.test('a text that is no address is neither a key nor a log field', async (t) => {
  const { lines, refuse } = refusing()
  for (const from of ['x'.repeat(17_000), 'fe80::1%zone-of-any-length', '<b>', '10.0.0.999']) await refuse(from)
  t.match(lines, [{ facts: { address: '127.0.0.1' } }])
  t.equal(lines.length, 1)
})
