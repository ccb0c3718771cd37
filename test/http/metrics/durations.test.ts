import Fastify from 'fastify'
import { Registry } from 'prom-client'
import t from 'tap'
import { createDurations } from '../../../src/http/metrics/durations.js'

/** How many requests were timed, by method, route and status. */
const countsIn = async (registry: Registry): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {}
  for (const [, method, route, status, count] of (await registry.metrics()).matchAll(
    /^http_request_duration_seconds_count\{method="(.*)",route="(.*)",status_code="(.*)"\} (\d+)$/gm,
  )) {
    if (count !== '0') counts[`${method} ${route} ${status}`] = Number(count)
  }
  return counts
}

t.test('a request is counted by its route, never by its path', async (t) => {
  const registry = new Registry()
  const app = Fastify()
  let ownHooks = 0
  createDurations(registry).watch(app)
  app.get('/things/:id', async (request) => {
    const { id } = request.params as { id: string }
    if (id === 'bad') throw Object.assign(new Error('no'), { statusCode: 400 })
    return { id }
  })
  await app.register(async (inner) => {
    inner.post(
      '/things',
      {
        onResponse: (_request, _reply, done) => {
          ownHooks += 1
          done()
        },
      },
      async (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(201).end()
      },
    )
  })
  for (const id of ['1', '2', 'bad']) await app.inject(`/things/${id}`)
  await app.inject({ method: 'HEAD', url: '/things/1' })
  await app.inject({ method: 'POST', url: '/things' })
  await app.inject({ method: 'PATCH', url: '/some/thing?of=somebody' })
  await app.inject({ method: 'TRACE' as never, url: '/things/1' })
  t.strictSame(await countsIn(registry), {
    'GET /things/:id 200': 2,
    'GET /things/:id 400': 1,
    'HEAD /things/:id 200': 1,
    'POST /things 201': 1,
    'PATCH none 404': 1,
    'other none 404': 1,
  })
  t.equal(ownHooks, 1, 'a hook of the route stays')
  await app.close()
})

t.test('the webhook’s usual answers are there from the start', async (t) => {
  const registry = new Registry()
  createDurations(registry)
  const text = await registry.metrics()
  for (const status of [200, 401, 500, 503]) {
    t.match(text, `http_request_duration_seconds_count{method="POST",route="/webhook",status_code="${status}"} 0\n`)
  }
})
