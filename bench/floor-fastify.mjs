// Fastify with a parser that keeps the raw bytes for the signature.
import Fastify from 'fastify'
import { announce, answerTo } from './signature.mjs'

const app = Fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/webhook', async (request, reply) => {
  const answer = answerTo(request.body, request.headers['x-hub-signature-256'])
  if (answer === null) reply.code(401)
  return answer
})
await app.listen({ host: '127.0.0.1', port: 0 })
announce(app.server.address())
