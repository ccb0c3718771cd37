import t from 'tap'
import { startApp } from '../../fixtures/app.js'
import { delivery, fromCustomer, newMid, PAGE } from '../../fixtures/webhooks.js'

const ID = `${PAGE}-2`

t.test('a conversation is exported as a whole, however many messages it has', async (t) => {
  const app = await startApp(t)
  const items = Array.from({ length: 450 }, (_, i) => fromCustomer('2', { mid: newMid(), text: `text ${i + 1} "پست"` }))
  await app.deliver(delivery(items))
  const answer = await app.call(`/api/conversations/${ID}/export`)
  t.equal(answer.status, 200)
  t.match(answer.headers, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="${ID}.json"`,
  })
  t.same(answer.json.conversation, (await app.call(`/api/conversations/${ID}`)).json)
  t.equal(answer.json.messages.length, 450)
  t.same(
    answer.json.messages.map(({ seq }: { seq: number }) => seq),
    items.map((_, i) => i + 1),
  )
  const page = (await app.call(`/api/conversations/${ID}/messages?limit=3`)).json.messages
  t.same(answer.json.messages.slice(-3), page)
})

t.test('an export without messages is empty, and one of an unknown conversation is 404', async (t) => {
  const app = await startApp(t)
  await app.call(`/api/conversations/${ID}/state`, { method: 'PUT', body: { state: 'closed' } })
  const answer = await app.call(`/api/conversations/${ID}/export`)
  t.match(answer.json, { conversation: { id: ID, state: 'closed' }, messages: [] })
  t.match(await app.call(`/api/conversations/${PAGE}-3/export`), { status: 404, json: { code: 'not_found' } })
  t.match(await app.call('/api/conversations/5-5/export'), { status: 404, json: { code: 'unknown_channel' } })
  t.match(await app.call('/api/conversations/x/export'), { status: 400, json: { code: 'invalid_conversation_id' } })
})
