import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { startMeta, takes } from '../fixtures/meta.js'
import { ID } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid } from '../fixtures/webhooks.js'

t.test('a person’s message is queued, and the bot’s is refused while it is paused', async (t) => {
  const { graphUrl } = await startMeta(t, () => takes(newMid()))
  const app = await listeningApp(t, { CHANNEL_TOKEN: 'page-token', CHANNEL_GRAPH_URL: graphUrl })
  const { env } = app
  await app.deliver(delivery([fromCustomer('2001', { mid: newMid(), text: 'hi' })]))
  t.match(await ran(['send', ID, 'hello there'], { env }), { code: 0, out: new RegExp(`^${ID}: queued as .+\n$`) })
  const { messages } = (await app.call(`/api/conversations/${ID}/messages`)).json
  t.match(messages.at(-1), { type: 'support', content: 'hello there' })
  t.match(await ran(['send', ID, 'hello', '--author', 'AI'], { env }), {
    code: 1,
    out: '',
    err: /^Not sent: bot_paused\./,
  })
  const json = await ran(['send', ID, 'hello', '--author', 'AI', '--json'], { env })
  t.match(JSON.parse(json.out), { status: 'cancelled', reason: 'bot_paused' })
  t.equal(json.code, 1)
})

t.test('with a key it is sent once', async (t) => {
  const { graphUrl } = await startMeta(t, () => takes(newMid()))
  const app = await listeningApp(t, { CHANNEL_TOKEN: 'page-token', CHANNEL_GRAPH_URL: graphUrl })
  const args = ['send', ID, 'hello', '--key', 'k1', '--json']
  const [first, second] = [await ran(args, { env: app.env }), await ran(args, { env: app.env })]
  t.same(JSON.parse(first.out).message.id, JSON.parse(second.out).message.id)
  t.match(await ran(['send', ID, 'other', '--key', 'k1'], { env: app.env }), { code: 1, err: /idempotency_conflict/ })
})

t.test('what cannot be sent is refused in the router’s words', async (t) => {
  const { env } = await listeningApp(t)
  t.match(await ran(['send', ID, 'hello'], { env }), { code: 1, out: '', err: /^This channel has no token/ })
})
