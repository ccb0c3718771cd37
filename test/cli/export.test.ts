import { PassThrough } from 'node:stream'
import Fastify from 'fastify'
import t from 'tap'
import { listeningApp, ran } from '../fixtures/command.js'
import { ID } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid } from '../fixtures/webhooks.js'

t.test('a whole thread is written, also to what is slow to take it', async (t) => {
  const app = await listeningApp(t)
  t.match(await ran(['export', ID], { env: app.env }), { code: 1, out: '', err: /not_found/ })
  for (let i = 0; i < 3; i++)
    await app.deliver(delivery([fromCustomer('2001', { mid: newMid(), text: 'x'.repeat(20_000) })]))
  const output = new PassThrough({ highWaterMark: 16 })
  let text = ''
  output.on('data', (piece) => {
    text += piece
  })
  t.equal((await ran(['export', ID], { env: app.env, output })).code, 0)
  const { conversation, messages } = JSON.parse(text)
  t.equal(conversation.id, ID)
  t.equal(messages.length, 3)
})

t.test('it is JSON with and without --json', async (t) => {
  const app = await listeningApp(t)
  await app.deliver(delivery([fromCustomer('2001', { mid: newMid(), text: 'hi' })]))
  const plain = await ran(['export', ID], { env: app.env })
  t.match(plain, { code: 0, err: '' })
  t.same(await ran(['export', ID, '--json'], { env: app.env }), plain)
})

t.test('one that breaks off is no success', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.get('/api/conversations/1-2/export', (_, reply) => {
    reply.raw.writeHead(200, { 'content-length': '100' })
    reply.raw.write('{"conversation":', () => reply.raw.destroy())
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.match(await ran(['export', '1-2', '--url', url, '--token', 'x']), { code: 1, err: /^The export is not whole/ })
})
