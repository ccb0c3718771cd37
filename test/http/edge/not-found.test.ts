import t from 'tap'
import { startApp } from '../../fixtures/app.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'

t.test('unknown paths and methods are answered with 404 and 405', async (t) => {
  const app = await startApp(t)

  await t.test('an unknown path is not found, whatever is sent there', async (t) => {
    for (const path of [
      '/',
      '/nothing',
      '/webhooks',
      '/webhook/',
      '/health/live',
      '/api',
      '/api/',
      '/api/conversations/1-2/x',
    ]) {
      for (const method of ['GET', 'POST', 'DELETE'] as const) {
        for (const type of ['application/json', 'text/xml']) {
          const answer = await app.call(path, {
            method,
            ...(method === 'POST' ? { body: '{' } : {}),
            headers: { 'content-type': type },
          })
          t.match(answer, { status: 404, json: { status: 'error', code: 'not_found' } }, `${method} ${path}`)
        }
      }
    }
  })

  await t.test('a known path with another method says which there are', async (t) => {
    for (const [path, method, allow] of [
      ['/webhook', 'PUT', 'HEAD, GET, POST'],
      ['/webhook', 'DELETE', 'HEAD, GET, POST'],
      ['/webhook?hub.mode=x', 'PATCH', 'HEAD, GET, POST'],
      ['/health', 'POST', 'HEAD, GET'],
      ['/api/sent-messages', 'GET', 'POST'],
      ['/api/conversations', 'POST', 'HEAD, GET'],
      ['/api/conversations/1-2', 'PUT', 'HEAD, GET, DELETE'],
      ['/api/conversations/1-2/messages', 'POST', 'HEAD, GET'],
      ['/api/conversations/1-2/bot', 'GET', 'PUT'],
      ['/api/conversations/1-2/state', 'POST', 'PUT'],
      ['/api/messages', 'PUT', 'HEAD, GET, POST'],
      ['/api/channels', 'OPTIONS', 'HEAD, GET'],
    ] as const) {
      const answer = await app.call(path, { method })
      t.match(answer, { status: 405, json: { status: 'error', code: 'method_not_allowed' } }, `${method} ${path}`)
      t.same(String(answer.headers['allow']).split(', ').sort(), allow.split(', ').sort())
    }
  })

  await t.test('paths behind the token are not disclosed without one', async (t) => {
    t.match(await app.call('/api/nothing', { token: null }), { status: 401, json: { code: 'unauthorized' } })
    t.match(await app.call('/api/nothing', { token: DIFY_TOKEN }), { status: 403, json: { code: 'forbidden' } })
    t.match(await app.call('/nothing', { token: null }), { status: 404 })
  })

  await t.test('a path that cannot be read has the shape of every error', async (t) => {
    for (const path of ['/%', '/api/%zz', '/api/conversations/%zz?text=hi']) {
      const message = 'The path has a "%" without two hexadecimal digits behind it.'
      t.match(await app.call(path), { status: 400, json: { status: 'error', code: 'invalid_request', message } }, path)
    }
    t.match(await app.call(`/api/conversations/${'1'.repeat(2_000)}`), {
      status: 400,
      json: { status: 'error', code: 'invalid_conversation_id' },
    })
    t.match(await app.call('/api/conversations//bot', { method: 'PUT', body: { enabled: true } }), {
      status: 400,
      json: { status: 'error' },
    })
  })
})
