import { once } from 'node:events'
import t, { type Test } from 'tap'
import { Agent } from 'undici'
import { createBriefCall } from '../../src/dify/brief-call.js'
import { closed, json, pretend } from './server.js'

const request = { method: 'GET', path: '/things', body: null } as const

function briefCall(t: Test) {
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  return createBriefCall(agent)
}

t.test('a brief call brings status and body', async (t) => {
  const { assistant } = await pretend(t, (_, response) => json(response, 404, { code: 'not_found' }))
  t.same(await briefCall(t)(assistant('chat'), request, 5000), { status: 404, body: { code: 'not_found' } })
})

t.test('a body that is no JSON is no body', async (t) => {
  const { assistant } = await pretend(t, (_, response) => response.writeHead(204).end())
  t.same(await briefCall(t)(assistant('chat'), request, 5000), { status: 204, body: null })
})

t.test('a call that fails comes to nothing', async (t) => {
  const { assistant } = await pretend(t, (_, response) => response.destroy())
  t.equal(await briefCall(t)(assistant('chat'), request, 5000), null)
})

t.test('a call that takes too long is given up, and closed', async (t) => {
  const { assistant, server } = await pretend(t, (_, response) => response.write('{'))
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  t.equal(await briefCall(t)(assistant('chat'), request, 50), null)
  await gone
})

t.test('an answer without end is given up', async (t) => {
  const { assistant } = await pretend(t, (_, response) => {
    for (let i = 0; i < 9; i++) response.write('x'.repeat(1024 * 1024))
  })
  t.equal(await briefCall(t)(assistant('chat'), request, 20_000), null)
})
