import t from 'tap'
import { startApp } from '../../fixtures/app.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { delivery, fromCustomer, newMid, PAGE } from '../../fixtures/webhooks.js'

const ID = `${PAGE}-2`

t.test('feedback on a message is stored', async (t) => {
  const app = await startApp(t, { API_TOKENS: 'ops:api-token-0123456789' })
  const token = 'api-token-0123456789'
  await app.deliver(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })]))
  const report = { conversation_id: ID, text: 'hello' }
  t.equal((await app.call('/api/sent-messages', { method: 'POST', body: report, token })).status, 200)
  const give = (seq: number | string, body: object | string, id = ID, as = token) =>
    app.call(`/api/conversations/${id}/messages/${seq}/feedback`, { method: 'POST', body, token: as })

  const given = await give(2, { feedback: 'negative', comment: 'We do deliver there' })
  t.equal(given.status, 200)
  const about = { feedback: 'negative', feedback_comment: 'We do deliver there', feedback_at: /^20..-.*Z$/ }
  t.match(given.json, { seq: 2, transcription: null, ...about })
  const messages = async () => (await app.call(`/api/conversations/${ID}/messages`, { token })).json.messages
  t.match((await messages())[1], about)
  t.match((await messages())[0], { feedback: null, feedback_comment: null, feedback_at: null, transcription: null })
  t.match(
    app.log.find(({ msg }) => msg === 'feedback given by the API'),
    { by: 'ops', conversation_id: ID, seq: 2, feedback: 'negative' },
  )
  t.notMatch(JSON.stringify(app.log), /We do deliver there/)
  t.match((await give(2, { feedback: null })).json, { feedback: null, feedback_comment: null, feedback_at: null })

  for (const body of [
    {},
    { feedback: 'good' },
    { feedback: true },
    { feedback: 'positive', comment: 5 },
    { feedback: 'positive', comment: 'x'.repeat(1_001) },
    { feedback: 'positive', note: 'x' },
    'feedback',
    '[]',
  ]) {
    t.match(await give(2, body), { status: 400, json: { code: 'invalid_request' } }, JSON.stringify(body).slice(0, 60))
  }
  for (const seq of ['0', 'x', '-1', '1.5', '9'.repeat(16)]) {
    t.match(await give(seq, { feedback: null }), { status: 400, json: { code: 'invalid_request' } }, seq)
  }
  t.match(await give(2, { feedback: null }, 'x'), { status: 400, json: { code: 'invalid_conversation_id' } })
  t.match(await give(2, { feedback: null }, '5-5'), { status: 404, json: { code: 'unknown_channel' } })
  for (const seq of [1, 3]) t.match(await give(seq, { feedback: null }), { status: 404, json: { code: 'not_found' } })
  t.equal((await give(2, { feedback: null }, ID, DIFY_TOKEN)).status, 403)
  t.match((await messages())[1], { feedback: null }, 'and nothing of that changed anything')
})
