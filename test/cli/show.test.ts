import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { ID } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid } from '../fixtures/webhooks.js'

t.test('a conversation is shown with what was said last', async (t) => {
  const app = await listeningApp(t)
  t.match(await ran(['show', ID], { env: app.env }), { code: 1, out: '', err: /^Nothing is known .* \(not_found\)/ })
  for (const text of ['one', 'two', 'three '.repeat(30)])
    await app.deliver(delivery([fromCustomer('2001', { mid: newMid(), text })]))
  const { code, out } = await ran(['show', ID, '--limit', '2'], { env: app.env })
  t.equal(code, 0)
  t.match(
    out,
    new RegExp(
      `^${ID} · instagram · open\nthe bot is on\n0 waiting · 0 flags · since .*\n.* two  \\[skipped · no_assistant\\]\n.* three three`,
    ),
  )
  t.ok(out.split('\n').every((line) => line.length <= 100))
  t.notMatch(out, ' one ')
  const json = JSON.parse((await ran(['show', ID, '--json'], { env: app.env })).out)
  t.match(json, { conversation: { id: ID }, messages: [{ content: 'one' }, { content: 'two' }, {}] })
})

t.test('the customer’s names stand with it', async (t) => {
  const customer = { id: '2', name: 'Mina\u001b', username: 'mina.k' }
  const shown = { platform: 'instagram', state: 'open', bot: { enabled: true }, flags: 0, waiting: 0, customer }
  const app = await import('fastify').then(({ default: fastify }) => fastify())
  t.teardown(() => app.close())
  app.get('/api/conversations/1-2', async () => shown)
  app.get('/api/conversations/1-2/messages', async () => ({ messages: [] }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.match(
    (await ran(['show', '1-2', '--url', url, '--token', 'x'])).out,
    /^1-2 · instagram · open\nMina� · mina\.k\nthe bot is on\n/,
  )
})
