import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { ID } from '../fixtures/shop.js'

t.test('a conversation is handed back to the bot', async (t) => {
  const { env, call } = await listeningApp(t)
  await call(`/api/conversations/${ID}/bot`, { method: 'PUT', body: { enabled: false } })
  t.match(await ran(['resume', ID], { env }), { code: 0, out: `${ID}: the bot is on\n` })
  t.match((await call(`/api/conversations/${ID}`)).json.bot, { enabled: true })
})
