import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { ID } from '../fixtures/shop.js'

t.test('the bot is silenced for so long, or until it is resumed', async (t) => {
  const { env, call } = await listeningApp(t)
  const state = async () => (await call(`/api/conversations/${ID}`)).json.bot
  t.match(await ran(['pause', ID], { env }), { code: 0, out: `${ID}: the bot is silent until it is resumed (api)\n` })
  t.match(await state(), { enabled: false, paused_until: null })
  const timed = await ran(['pause', ID, '--for', '2h', '--reason', 'no stock', '--json'], { env })
  t.match(JSON.parse(timed.out), { id: ID, bot: { enabled: false, note: 'no stock' } })
  t.type((await state()).paused_until, 'string')
  await ran(['pause', ID, '--for', 'forever'], { env })
  t.match(await state(), { enabled: false, paused_until: null })
})
