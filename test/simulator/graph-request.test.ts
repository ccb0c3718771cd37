import t from 'tap'
import { understood } from '../../src/simulator/graph-request.js'

const PLAIN = { at: 0, query: {}, headers: {}, body: null }

for (const [method, path, body, is] of [
  ['POST', '/v26.0/1001/messages', { recipient: { id: '2' }, message: { text: 'hi' } }, 'message'],
  ['POST', '/1001/messages', { recipient: { id: '2' }, sender_action: 'typing_on' }, 'action'],
  ['GET', '/1001/conversations', null, 'conversations'],
  ['GET', '/1001', null, 'account'],
  ['GET', '/me', null, 'account'],
  ['GET', '/2', null, 'profile'],
  ['GET', '/me/accounts', null, 'connect'],
  ['GET', '/1001/messages', null, 'unknown'],
  ['POST', '/1001/conversations', null, 'unknown'],
  ['GET', '/', null, 'unknown'],
] as const) {
  t.test(`${method} ${path} is ${is}`, async (t) => {
    t.match(
      understood({ ...PLAIN, method, path, body }, (id) => id === '1001'),
      { is, status: null, mid: null },
    )
  })
}
