import Fastify from 'fastify'
import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'

t.test('with nothing to send it says so, and a letter that is none is refused', async (t) => {
  const { env } = await listeningApp(t)
  t.match(await ran(['redrive'], { env }), { code: 0, out: 'There is no dead letter: nothing was sent.\n' })
  t.match(await ran(['redrive', 'nonsense'], { env }), { code: 1, err: /There is no such dead letter/ })
  t.match(await ran(['redrive', '--page', '9'], { env }), { code: 1, err: /unknown_channel/ })
})

t.test('it says how many are sent, or that this one is', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const answers = [
    { redriven: 1, more: false },
    { redriven: 20, more: true },
    { redriven: 2, more: false },
  ]
  const bodies: unknown[] = []
  app.post('/api/dead-letters/redrive', async ({ body }) => {
    bodies.push(body)
    return answers[bodies.length - 1]
  })
  app.post('/api/dead-letters/:id/redrive', async ({ params }) => ({ status: 'queued', ...(params as object) }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const redrive = (...args: string[]) => ran(['redrive', ...args, '--url', url, '--token', 'x'])
  t.match(await redrive(), { code: 0, out: '1 dead letter will be sent.\n' })
  t.match(await redrive('--page', '7'), { out: '20 dead letters will be sent. There are more: run it again.\n' })
  t.match(await redrive('--json'), { out: '{"redriven":2,"more":false}\n' })
  t.same(bodies, [{}, { page: '7' }, {}])
  t.match(await redrive('1-2-a-3'), { code: 0, out: '1-2-a-3: will be sent\n' })
  t.match(JSON.parse((await redrive('1-2-a/3', '--json')).out), { status: 'queued', id: '1-2-a/3' })
})
