import Fastify from 'fastify'
import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { delivery, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

t.test('conversations are listed, filtered and searched', async (t) => {
  const app = await listeningApp(t)
  const { env } = app
  t.match(await ran(['list'], { env }), { code: 0, out: 'No conversation matches.\n' })
  await app.deliver(delivery(['7', '8', '9'].map((user) => fromCustomer(user, { mid: newMid(), text: `hi ${user}` }))))
  await app.deliver(
    delivery([
      fromCustomer('7', { mid: newMid(), attachments: [{ type: 'image', payload: { url: 'https://x.y/z' } }] }),
    ]),
  )
  const all = await ran(['list'], { env })
  t.match(all.out, new RegExp(`^ID +BOT +WAITING[\\s\\S]*\n${PAGE}-7 +on +0 +open .* customer: \\[no text\\]\n`))
  t.match(all.out, 'customer: hi 9')
  await app.call(`/api/conversations/${PAGE}-8/bot`, { method: 'PUT', body: { enabled: false } })
  t.match((await ran(['list', '--bot', 'paused'], { env })).out, new RegExp(`^[^\n]*\n${PAGE}-8 +paused [^\n]*\n$`))
  t.match((await ran(['list', '--search', '9'], { env })).out, new RegExp(`^[^\n]*\n${PAGE}-9 [^\n]*\n$`))
  for (const option of ['--dead', '--waiting', '--state=closed'])
    t.match(await ran(['list', option], { env }), { out: 'No conversation matches.\n' })

  const two = await ran(['list', '--limit', '2'], { env })
  t.match(two.out, /There are more: --limit 4 shows/)
  const json = JSON.parse((await ran(['list', '--limit', '2', '--json'], { env })).out)
  t.equal(json.conversations.length, 2)
  t.type(json.next_cursor, 'string')
  t.match(await ran(['list', '--page', '5'], { env }), { code: 0, out: 'No conversation matches.\n' })
  const narrow = await ran(['list'], { env, hasScreen: true, width: 60 })
  t.ok(narrow.out.split('\n').every((line) => line.length <= 60))
})

t.test('more than one page of the API is read page by page', async (t) => {
  const app = await listeningApp(t)
  const users = Array.from({ length: 502 }, (_, i) => String(i + 1))
  await app.deliver(delivery(users.map((user) => fromCustomer(user, { mid: newMid(), text: 'hi' }))))
  const { out } = await ran(['list', '--limit', '1000', '--json'], { env: app.env })
  const { conversations, next_cursor } = JSON.parse(out)
  t.equal(new Set(conversations.map(({ id }: { id: string }) => id)).size, 502)
  t.equal(next_cursor, null)
})

t.test('a conversation of which little is known is listed too', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const bare = { bot: { enabled: true }, waiting: 0, state: 'open', last_message_at: null, last_message: null }
  const customers = [
    { name: null, username: null },
    { name: null, username: 'mina.k' },
    { name: 'Mina', username: 'mina.k' },
  ]
  app.get('/api/conversations', async () => ({
    conversations: customers.map((customer, i) => ({ ...bare, id: `1-${i}`, customer })),
    next_cursor: null,
  }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const { out } = await ran(['list', '--url', url, '--token', 'x'])
  t.same(
    out
      .split('\n')
      .slice(1, 4)
      .map((line) => line.replace(/ +/g, ' ')),
    ['1-0 on 0 open', '1-1 on 0 open mina.k', '1-2 on 0 open Mina'],
  )
})
