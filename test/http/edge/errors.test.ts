import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { type ErrorCode, RouterError } from '../../../src/engine/ports.js'
import { createErrorHandler } from '../../../src/http/edge/errors.js'
import { FROM_ONE_OR_EMPTY, FROM_ZERO_OR_EMPTY } from '../../../src/http/edge/number-text.js'
import { TAG } from '../../../src/http/edge/text-patterns.js'

const quiet = { debug() {}, info() {}, warn() {} }

function throwing(t: Test, thrown: unknown): { readonly app: FastifyInstance; readonly errors: object[] } {
  const errors: object[] = []
  const app = Fastify({ genReqId: () => 'r-1' })
  app.setErrorHandler(createErrorHandler({ ...quiet, error: (facts) => errors.push(facts) }, () => {}))
  app.get('/', async () => {
    throw thrown
  })
  t.teardown(() => app.close())
  return { app, errors }
}

const answerTo = async (t: Test, thrown: unknown) => {
  const { app, errors } = throwing(t, thrown)
  const { statusCode, headers, payload } = await app.inject('/')
  return { status: statusCode, headers, body: JSON.parse(payload), errors }
}

t.test('each code has its status, and all have one shape', async (t) => {
  for (const [code, status] of [
    ['unauthorized', 401],
    ['forbidden', 403],
    ['invalid_signature', 401],
    ['invalid_payload', 400],
    ['payload_too_large', 413],
    ['wrong_verify_token', 403],
    ['bad_request', 400],
    ['invalid_request', 400],
    ['invalid_conversation_id', 400],
    ['not_found', 404],
    ['unknown_channel', 404],
    ['method_not_allowed', 405],
    ['unsupported_media_type', 415],
    ['rate_limited', 429],
    ['store_unavailable', 503],
    ['store_full', 503],
    ['draining', 503],
    ['internal_error', 500],
  ] as const satisfies readonly (readonly [ErrorCode, number])[]) {
    const answer = await answerTo(t, new RouterError(code, 'Why.'))
    t.equal(answer.status, status, code)
    t.same(answer.body, { status: 'error', code, message: 'Why.' })
    t.equal(answer.headers['x-request-id'], 'r-1')
    t.equal(answer.headers['www-authenticate'], code === 'unauthorized' ? 'Bearer' : undefined)
  }
})

t.test('a retryable error has a Retry-After', async (t) => {
  const limited = await answerTo(t, new RouterError('rate_limited', 'Too many.', { retryAfterMs: 41_200 }))
  t.equal(limited.headers['retry-after'], '42')
  t.equal((await answerTo(t, new RouterError('store_unavailable', 'Away.'))).headers['retry-after'], '1')
  t.equal((await answerTo(t, new RouterError('forbidden', 'No.'))).headers['retry-after'], undefined)
})

t.test('a refusal by the framework keeps its reason', async (t) => {
  for (const [statusCode, status, code, message] of [
    [400, 400, 'invalid_request', 'what was wrong'],
    [422, 400, 'invalid_request', 'what was wrong'],
    [413, 413, 'payload_too_large', 'The body is too large.'],
    [415, 415, 'unsupported_media_type', 'Send a JSON body.'],
    [500, 500, 'internal_error', /the log has it/],
    [302, 500, 'internal_error', /the log has it/],
  ] as const) {
    const answer = await answerTo(t, Object.assign(new Error('what was wrong'), { statusCode }))
    t.match({ status: answer.status, ...answer.body }, { code, message })
    t.equal(answer.status, status)
  }
})

t.test('an internal error is described in the log only', async (t) => {
  for (const thrown of [
    new Error('password=hunter2 at /srv/app/secret.js'),
    Object.assign(new Error('password=hunter2'), { statusCode: undefined }),
  ]) {
    const { status, body, errors } = await answerTo(t, thrown)
    t.ok(status >= 500)
    t.notMatch(JSON.stringify(body), /hunter2|secret\.js/)
    t.match(errors, [
      { req_id: 'r-1', code: 'internal_error', method: 'GET', route: '/', err: { message: thrown.message } },
    ])
  }
})

t.test('a store out of reach is said without a stack, and every refusal to whom it concerns', async (t) => {
  const warnings: object[] = []
  const refusals: string[] = []
  const app = Fastify({ genReqId: () => 'r-1' })
  const warn = (facts: object) => void warnings.push(facts)
  app.setErrorHandler(createErrorHandler({ ...quiet, warn, error() {} }, ({ code }) => refusals.push(code)))
  let thrown: Error
  app.get('/:id', async () => {
    throw thrown
  })
  for (thrown of [
    new RouterError('store_unavailable', 'The store is out of reach.', { cause: new Error('connect ECONNREFUSED') }),
    new RouterError('store_full', 'Memory is full.'),
    new RouterError('draining', 'Going.'),
    new RouterError('forbidden', 'No.'),
    Object.assign(new Error('what was wrong'), { statusCode: 422 }),
  ]) {
    await app.inject('/1-2?token=secret')
  }
  t.strictSame(warnings, [
    { req_id: 'r-1', code: 'store_unavailable', method: 'GET', route: '/:id', reason: 'connect ECONNREFUSED' },
    { req_id: 'r-1', code: 'store_full', method: 'GET', route: '/:id', reason: 'Memory is full.' },
  ])
  t.strictSame(refusals, ['forbidden', 'invalid_request'])
})

t.test('a schema’s finding is put into words', async (t) => {
  const app = Fastify()
  app.setErrorHandler(createErrorHandler({ ...quiet, error() {} }, () => {}))
  const properties = {
    state: { anyOf: [{ const: 'open' }, { const: 'closed' }, { const: '' }] },
    n: { type: 'number' },
    word: { enum: ['a', 'b'] },
    limit: { type: 'string', pattern: FROM_ONE_OR_EMPTY },
    before: { type: 'string', pattern: FROM_ZERO_OR_EMPTY },
    id: { type: 'string', pattern: '^x$' },
    tag: { type: 'string', pattern: TAG },
    q: { type: 'string', maxLength: 2 },
    in: { type: 'object', properties: { n: { type: 'number' } } },
  }
  app.post('/', { schema: { body: { type: 'object', properties, required: ['n'] } } }, async () => '')
  app.get('/', { schema: { querystring: { type: 'object', properties } } }, async () => '')
  const answer = async (body: object) => (await app.inject({ method: 'POST', url: '/', body })).json().message
  t.equal(await answer({ n: 1, state: 'shut' }), 'state must be one of: open, closed.')
  t.equal(await answer({ n: 1, word: 'c' }), 'word must be one of: a, b.')
  t.equal(await answer({ n: 1, limit: '0' }), 'limit must be a whole number from 1 on.')
  t.equal(await answer({ n: 1, before: 'x' }), 'before must be a whole number.')
  t.match(await answer({ n: 1, id: 'y' }), 'id must match pattern')
  t.equal(await answer({ n: 1, tag: 'x' }), 'tag must be one of Meta’s tags in capitals, such as HUMAN_AGENT.')
  t.equal(await answer({ n: 1, q: 'abc' }), 'q may have 2 characters at most.')
  t.equal(await answer({ n: 'x' }), 'n must be number.')
  t.equal(await answer({ n: 1, in: { n: 'x' } }), 'in.n must be number.')
  t.equal(await answer({}), 'n is needed.')
  t.equal(await answer([]), 'The body must be object.')
  const asked = async (query: string) => (await app.inject(`/?${query}`)).json().message
  for (const name of ['limit', 'state']) t.equal(await asked(`${name}=1&${name}=2`), `${name} is given more than once.`)
  t.equal(await asked('state=shut'), 'state must be one of: open, closed.')
})

t.test('a refusal is nothing for the log, and neither is a process that is told to stop', async (t) => {
  t.same((await answerTo(t, new RouterError('forbidden', 'No.'))).errors, [])
  t.same((await answerTo(t, new RouterError('draining', 'Going.'))).errors, [])
})
