import t from 'tap'
import { startApp } from '../fixtures/app.js'
import { PAGE } from '../fixtures/webhooks.js'

t.test('every answer of the API bears its request id, and a good one is taken over', async (t) => {
  const app = await startApp(t)
  const idFor = async (path: string, given?: string): Promise<unknown> => {
    const headers: Record<string, string> = given === undefined ? {} : { 'x-request-id': given }
    return (await app.call(path, { headers })).headers['x-request-id']
  }
  const [one, two] = [await idFor('/api/channels'), await idFor('/api/channels')]
  t.match(one, /^[0-9a-z]{1,6}-[0-9a-z]+$/)
  t.not(one, two)
  for (const path of ['/api/channels', '/api/nothing', `/api/conversations/${PAGE}-2`, '/nothing']) {
    t.equal(await idFor(path, 'trace:1.2_3-x'), 'trace:1.2_3-x', path)
  }
  for (const odd of ['two words', 'x'.repeat(129), 'a"b', ''])
    t.match(await idFor('/api/channels', odd), /^[0-9a-z]{1,6}-[0-9a-z]+$/)

  await app.call(`/api/mark-bot-response?conversation_id=${PAGE}-2`, {
    method: 'POST',
    headers: { 'x-request-id': 'r-7' },
  })
  t.match(app.log.at(-1), { req_id: 'r-7', msg: `🤖 Bot flag SET for conversation: ${PAGE}-2` })
})

t.test('all of it is behind the token, the wrong body no less than the right', async (t) => {
  const app = await startApp(t)
  for (const [method, path] of [
    ['POST', `/api/mark-bot-response?conversation_id=${PAGE}-2`],
    ['POST', '/api/sent-messages'],
    ['GET', '/api/conversations'],
    ['GET', `/api/conversations/${PAGE}-2`],
    ['GET', `/api/conversations/${PAGE}-2/messages`],
    ['PUT', `/api/conversations/${PAGE}-2/bot`],
    ['PUT', `/api/conversations/${PAGE}-2/state`],
    ['GET', '/api/channels'],
    ['HEAD', '/api/channels'],
  ] as const) {
    for (const token of [null, 'wrong']) {
      const answer = await app.call(path, { method, token, ...(method === 'PUT' ? { body: '{' } : {}) })
      t.equal(answer.status, 401, `${method} ${path}`)
      if (method !== 'HEAD') t.equal(answer.json.code, 'unauthorized')
    }
  }
})
