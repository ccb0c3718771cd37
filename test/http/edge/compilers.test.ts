import Fastify from 'fastify'
import t from 'tap'
import { COMPILERS } from '../../../src/http/edge/compilers.js'
import { Type } from '../../../src/schema.js'

t.test('a request is checked by its schema from the first one on, an answer is sent as it is', async (t) => {
  const app = Fastify({ schemaController: { compilersFactory: COMPILERS } })
  app.post('/', {
    schema: { body: Type.Object({ a: Type.Integer() }), response: { 200: Type.Object({ b: Type.String() }) } },
    handler: async () => ({ b: 1, more: [null] }),
  })
  const post = async (payload: object) => {
    const { statusCode, json } = await app.inject({ method: 'POST', url: '/', payload })
    return { statusCode, json: json() }
  }
  for (let i = 0; i < 2; i++) {
    t.match(await post({ a: 'x' }), { statusCode: 400, json: { message: 'body/a must be integer' } })
    t.match(await post({ a: 1 }), { statusCode: 200, json: { b: 1, more: [null] } })
  }
})
