import Fastify from 'fastify'
import t from 'tap'
import { createReadBody } from '../../../src/http/edge/bodies.js'
import { acceptAnyContentType, parseBodiesAsJson } from '../../../src/http/edge/body-parsers.js'
import { createErrorHandler } from '../../../src/http/edge/errors.js'

t.test('a body is JSON, whatever it says it is', async (t) => {
  const app = Fastify()
  app.setErrorHandler(createErrorHandler({ debug() {}, info() {}, warn() {}, error() {} }, () => {}))
  acceptAnyContentType(app)
  parseBodiesAsJson(app, createReadBody(1024 * 1024))
  app.post('/', async ({ body }) => ({ body: body ?? 'none' }))
  const post = async (payload: string | undefined, type: string | undefined) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers: type === undefined ? {} : { 'content-type': type },
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: answer.statusCode, json: answer.json() }
  }

  for (const type of [
    undefined,
    '',
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    ';;;',
    'a/b;c',
  ]) {
    t.same(await post('{"a":[1]}', type), { status: 200, json: { body: { a: [1] } } }, `${type}`)
    t.same(await post('\ufeff{"a":[1]}\r\n', type), { status: 200, json: { body: { a: [1] } } }, 'a byte order mark')
    t.same(await post(' \r\n', type), { status: 200, json: { body: 'none' } })
    t.same(await post('', type), { status: 200, json: { body: 'none' } })
    t.same(await post(undefined, type), { status: 200, json: { body: 'none' } })
    for (const bad of ['{', 'a=b', '{"a":1}x']) {
      t.same(
        await post(bad, type),
        { status: 400, json: { status: 'error', code: 'invalid_request', message: 'The body is not JSON.' } },
        bad,
      )
    }
  }
})
