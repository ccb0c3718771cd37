import Fastify from 'fastify'
import t from 'tap'
import { WebSocketServer } from 'ws'
import { listeningApp, ran, type } from '../fixtures/command.js'
import { ID, until } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid } from '../fixtures/webhooks.js'

const says = (user: string, text: string) => delivery([fromCustomer(user, { mid: newMid(), text })])

t.test('what happens is shown as it happens, everywhere or in one conversation, until it is stopped', async (t) => {
  const app = await listeningApp(t, { REPEAT_WINDOW: '0' })
  const { env } = app
  const [all, one] = [type(['tail'], { env }), type(['tail', ID, '--json'], { env })]
  // Nothing tells that they look on; what is said before, they do not hear of.
  await until(async () => {
    await app.deliver(says('2001', 'hi'))
    return /hi/.test(all.out()) && /hi/.test(one.out())
  })
  await app.deliver(says('7', 'elsewhere'))
  await app.call(`/api/conversations/${ID}/bot`, { method: 'PUT', body: { enabled: false } })
  await until(() => /open · the bot is silent/.test(all.out()) && /conversation_status/.test(one.out()))
  t.match(all.out(), /-7 {2}2\S+ {2}customer {4}elsewhere {2}\[skipped · no_assistant\]/)
  const frames = one
    .out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.match(frames.at(-1), { type: 'conversation_status', conversation_id: ID })
  t.notOk(frames.some(({ conversation_id }) => conversation_id !== ID))
  const again = type(['tail', ID, '--json', '--after', frames[0].id], { env })
  await until(() => /conversation_status/.test(again.out()))
  for (const each of [all, one, again]) {
    each.signal('SIGINT')
    t.equal(await each.code, 0)
    t.equal(each.err(), '')
  }
})

t.test('what the router does not let in is told', async (t) => {
  const { env } = await listeningApp(t)
  t.match(await ran(['tail', '--after', 'nonsense'], { env }), {
    code: 1,
    err: 'after: use the id of a frame. (invalid_request)\n',
  })
  const [shown, followed] = [await ran(['show', '9-9'], { env }), await ran(['tail', '9-9'], { env })]
  t.match(followed, { code: 1, err: 'No channel has this page id; check the settings. (unknown_channel)\n' })
  t.equal(followed.err, shown.err)
  const none = Fastify()
  t.teardown(() => none.close())
  none.get('/api/conversations', async () => ({}))
  const url = await none.listen({ host: '127.0.0.1', port: 0 })
  t.match(await ran(['tail', '--url', url, '--token', 'x']), { code: 1, err: /does a proxy stand before it/ })
  none.server.on('upgrade', (_, socket) => socket.destroy())
  t.match(await ran(['tail', '--url', url, '--token', 'x']), { code: 1, err: /does a proxy stand before it/ })
})

t.test('it goes on after a router that was away, from where it was', async (t) => {
  const asked: string[] = []
  const refusals: number[] = []
  const refusal = (status: number) => {
    refusals.push(status)
    return { code: 'refused', message: 'no' }
  }
  const pretend = async (port: number, frames: readonly object[], status = 200, knowsCursors = true) => {
    const app = Fastify()
    app.get('/api/conversations', (_, reply) => reply.code(status).send(status === 200 ? {} : refusal(status)))
    const verifyClient = ({ req }: { req: { url?: string | undefined } }) => knowsCursors || !req.url!.includes('after')
    const sockets = new WebSocketServer({ server: app.server, path: '/ws', verifyClient })
    sockets.on('connection', (socket, { url }) => {
      asked.push(url!)
      for (const frame of frames) socket.send(JSON.stringify(frame))
    })
    const url = await app.listen({ host: '127.0.0.1', port })
    return {
      url,
      port: Number(new URL(url).port),
      async close() {
        for (const client of sockets.clients) client.terminate()
        await app.close()
      },
    }
  }
  const data = {
    message: { created_at: '2026', type: 'AI', content: 'hi', status: 'sent', reason: null, evidence: 'text' },
  }
  const first = await pretend(0, [{ id: 'c1', type: 'message_status', conversation_id: '1-2', data }])
  const typed = type(['tail', '--url', first.url, '--token', 'x'])
  await until(() => typed.out().includes('1-2  ↳ 2026  AI          hi  [sent · text]\n'))
  await first.close()
  await until(() => /away: trying again/.test(typed.err()))
  const second = await pretend(first.port, [{ type: 'news' }, { type: 'gap' }])
  await until(() => /something was missed/.test(typed.out()))
  t.match(typed.out(), '{"type":"news"}\n')
  t.same(asked, ['/ws?', '/ws?after=c1'])
  await second.close()
  const forgetful = await pretend(first.port, [{ type: 'gap' }], 200, false)
  await until(() => asked.length === 3)
  t.equal(asked[2], '/ws?', 'one that has forgotten is followed from now on')
  await forgetful.close()
  const unready = await pretend(first.port, [], 503)
  await until(() => refusals.length === 2)
  await unready.close()
  const ready = await pretend(first.port, [])
  await until(() => asked.length === 4)
  await ready.close()
  const third = await pretend(first.port, [], 401)
  t.teardown(() => third.close())
  t.equal(await typed.code, 4, 'a token that is no longer taken ends it')
})
