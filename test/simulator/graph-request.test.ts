import t from 'tap'
import { understood } from '../../src/simulator/graph-request.js'

t.test('a request is known by its method and path', async (t) => {
  for (const [method, path, body, is, id] of [
    ['POST', '/v26.0/1/messages', { recipient: { id: '7' }, message: { text: 'hi' } }, 'message', '1'],
    ['POST', '/1/messages', { recipient: { id: '7' }, sender_action: 'typing_on' }, 'action', '1'],
    ['GET', '/v26.0/me', null, 'account', 'me'],
    ['GET', '/1', null, 'account', '1'],
    ['GET', '/v26.0/1/conversations', null, 'conversations', '1'],
    ['POST', '/1/conversations', null, 'unknown', '1'],
    ['GET', '/7', null, 'profile', '7'],
    ['GET', '/v26.0/refresh_access_token', null, 'refresh', 'refresh_access_token'],
    ['GET', '/v26.0/me/accounts', null, 'connect', ''],
    ['GET', '/1/messages', null, 'unknown', '1'],
    ['POST', '/1', null, 'unknown', '1'],
    ['GET', '/', null, 'unknown', ''],
  ] as const) {
    const request = understood({ at: 0, method, path, query: {}, headers: {}, body }, (page) => page === '1')
    t.match(request, { is, id, status: null, error: null }, `${method} ${path}`)
  }
})
