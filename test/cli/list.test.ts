import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { delivery, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

t.test('conversations are listed, filtered and searched', async (t) => {
  const app = await listeningApp(t)
  const { env } = app
  t.match(await ran(['list'], { env }), { code: 0, out: 'No conversation is so.\n' })
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
    t.match(await ran(['list', option], { env }), { out: 'No conversation is so.\n' })

  const two = await ran(['list', '--limit', '2'], { env })
  t.match(two.out, /There are more: --limit 4 shows/)
  const json = JSON.parse((await ran(['list', '--limit', '2', '--json'], { env })).out)
  t.equal(json.conversations.length, 2)
  t.type(json.next_cursor, 'string')
  t.match(await ran(['list', '--page', '5'], { env }), { code: 0, out: 'No conversation is so.\n' })
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
