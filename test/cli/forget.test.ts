import t from 'tap'
import { listeningApp, ran, type } from '../fixtures/command.js'
import { ID, until } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid } from '../fixtures/webhooks.js'

const hi = () => delivery([fromCustomer('2001', { mid: newMid(), text: 'hi' })])

t.test('without a person to ask it takes --yes', async (t) => {
  const app = await listeningApp(t)
  const { env } = app
  await app.deliver(hi())
  t.match(await ran(['forget', ID], { env }), { code: 2, err: /^This cannot be undone: --yes/ })
  t.equal((await app.call(`/api/conversations/${ID}`)).status, 200)
  t.match(await ran(['forget', ID, '--yes'], { env }), { code: 0, out: `${ID} is forgotten.\n` })
  t.equal((await app.call(`/api/conversations/${ID}`)).status, 404)
  t.match(await ran(['forget', ID, '--yes', '--json'], { env }), {
    code: 1,
    out: `{"conversation_id":"${ID}","known":false}\n`,
    err: `Nothing was known of ${ID}.\n`,
  })
  await app.deliver(hi())
  t.match(await ran(['forget', ID, '-y', '--json'], { env }), {
    code: 0,
    out: `{"conversation_id":"${ID}","known":true}\n`,
  })
})

t.test('a person types the id', async (t) => {
  const app = await listeningApp(t)
  await app.deliver(hi())
  for (const [answer, code] of [
    ['yes', 1],
    [ID, 0],
  ] as const) {
    const typed = type(['forget', ID], { env: app.env, isTerminal: true })
    await until(() => typed.err().includes('Type the id'))
    typed.input.write(`${answer}\n`)
    t.equal(await typed.code, code, answer)
  }
})
