import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'

t.test('a page that the router does not have is refused, and an id that is none', async (t) => {
  const { env } = await listeningApp(t)
  t.match(await ran(['pause', '9-9'], { env }), { code: 1, out: '', err: /\(unknown_channel\)/ })
  t.match(await ran(['resume', 'nine'], { env }), { code: 2, out: '', err: /^ID is a conversation's.*"nine"/ })
})
