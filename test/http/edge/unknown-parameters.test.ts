import t from 'tap'
import { startApp } from '../../fixtures/app.js'
import { PAGE } from '../../fixtures/webhooks.js'

t.test('a GET of the API refuses a parameter that it does not know, and names it', async (t) => {
  const app = await startApp(t)
  const id = `${PAGE}-2`
  for (const path of [
    '/api/conversations',
    `/api/conversations/${id}`,
    `/api/conversations/${id}/messages`,
    `/api/conversations/${id}/export`,
    '/api/messages',
    '/api/dead-letters',
    '/api/channels',
  ]) {
    for (const query of ['typo=1', 'typo', 'limit=1&typo=x', '__proto__=1']) {
      const answer = await app.call(`${path}?${query}`)
      t.match(answer, { status: 400, json: { status: 'error', code: 'invalid_request' } }, `${path}?${query}`)
      if (!query.startsWith('limit')) t.match(answer.json.message, query.startsWith('_') ? /__proto__/ : /typo/)
    }
  }
  t.match((await app.call('/api/conversations?tpye=x')).json.message, /^tpye is no parameter .*bot, page, state/)
  t.match((await app.call(`/api/conversations?${'x'.repeat(500)}=1`)).json.message, /^x{64} is no parameter/)
  t.equal((await app.call('/api/conversations?typo=1', { token: null })).status, 401, 'nothing is told to strangers')
})

t.test('routes that Dify calls accept unknown parameters', async (t) => {
  const app = await startApp(t)
  const id = `${PAGE}-2`
  const mark = { method: 'POST' } as const
  t.equal((await app.call(`/api/mark-bot-response?conversation_id=${id}&sys=1`, mark)).status, 200)
  const off = { method: 'PUT', body: { enabled: false } } as const
  t.equal((await app.call(`/api/conversations/${id}/bot?user=x`, off)).status, 200)
})

t.test('what a caller makes up is named to the caller, and not in the log', async (t) => {
  const WORD = 'mywordofsecrets'
  for (const [path, request] of [
    [`/api/conversations?${WORD}=1`, {}],
    [`/api/conversations/${PAGE}-2/bot`, { method: 'PUT', body: { enabled: true, [WORD]: 1 } }],
    [`/api/%zz?${WORD}=1`, {}],
  ] as const) {
    const app = await startApp(t)
    t.match(await app.call(path, request), { status: 400, json: { code: 'invalid_request' } }, path)
    const refused = app.log.filter(({ msg }) => msg.startsWith('request refused: '))
    t.equal(refused.length, 1)
    t.notMatch(JSON.stringify(refused), WORD)
  }
})
