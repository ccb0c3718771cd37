import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { startApp } from './fixtures/app.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE, signatureOf } from './fixtures/webhooks.js'

t.test('all parts work together', async (t) => {
  const app = await startApp(t, { META_APP_SECRETS: 'old-secret,new-secret' })
  const body = JSON.stringify(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })]))
  for (const [secret, status] of [
    ['old-secret', 200],
    ['new-secret', 200],
    ['no-secret', 401],
  ] as const) {
    t.equal((await app.deliver(body, { 'x-hub-signature-256': signatureOf(body, secret) })).status, status)
  }
  t.match(await app.call('/health'), { status: 200, json: { status: 'ok', version: '0.0.0-test' } })
  t.match(await app.call('/health/ready'), { status: 200 })
})

t.test('at start the log names the routes, and the one that older guides name', async (t) => {
  const app = await startApp(t)
  const line = app.log.find(({ msg }) => msg.startsWith('📍 Registered routes:'))
  t.match(line?.msg, 'POST /api/mark-bot-response (Instagram Bot Flag)')
  t.match(line?.msg, 'POST /webhook')
  t.notMatch(line?.msg, 'HEAD')
  t.match(line?.['routes'], /GET \/health\/ready/)
})

t.test("an entry without an id belongs to its platform's only channel", async (t) => {
  const instagram = { id: '1', platform: 'instagram' }
  const facebook = { id: '7', platform: 'facebook' }
  const messaging = [{ ...fromCustomer('2', { mid: 'm', text: 'hi' }), sender: { id: '1' }, recipient: { id: '2' } }]
  const rowFor = async (channels: readonly object[]) => {
    const app = await startApp(t, {}, channels)
    return (await app.deliver({ object: 'instagram', entry: [{ messaging }] })).json.results[0]
  }
  t.match(await rowFor([instagram, facebook]), { event: 'echo', conversation_id: '1-2', outcome: 'accepted' })
  t.match(await rowFor([instagram, { ...instagram, id: '3' }]), { reason: 'unknown_channel', conversation_id: null })
  t.match(await rowFor([facebook]), { reason: 'unknown_channel', conversation_id: null })
})

t.test('a pause ends by itself', async (t) => {
  const app = await startApp(t, { BOT_PAUSE: '100ms' })
  await app.deliver(delivery([echoTo('2', { mid: newMid(), text: 'I am here' })]))
  const bot = async () => (await app.call(`/api/conversations/${PAGE}-2`)).json.bot
  t.match(await bot(), { enabled: false, reason: 'human_echo' })
  while (!app.log.some(({ msg }) => msg === 'pause is over, the bot may answer')) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  t.match(await bot(), { enabled: true, reason: null })
})

t.test('while it drains, what comes over an open connection is still served', async (t) => {
  const app = await startApp(t)
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  const open = () => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (data) => {
      text += String(data)
    })
    return {
      socket,
      closed: once(socket, 'close'),
      async answer(): Promise<string> {
        while (!text.includes('\r\n\r\n')) await once(socket, 'data')
        const answer = text
        text = ''
        return answer
      },
    }
  }
  const body = JSON.stringify(delivery([fromCustomer('2', { mid: newMid(), text: 'hi' })]))
  const head = `POST /webhook HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: ${signatureOf(body)}\r\n`
  const busy = open()
  const idle = open()
  busy.socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`)
  idle.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n')
  t.match(await idle.answer(), /^HTTP\/1.1 200/)
  const asking = open()
  asking.socket.write('GET /health/ready HTTP/1.1\r\nHost: x\r\nX-Half: ')
  await new Promise((resolve) => setTimeout(resolve, 50))

  const stopped = app.stop()
  await idle.closed
  asking.socket.write('y\r\n\r\n')
  const ready = await asking.answer()
  t.match(ready, /^HTTP\/1.1 503 /)
  t.match(ready, /connection: close/i)
  t.match(ready, '"code":"draining"')
  busy.socket.write(body.slice(20))
  t.match(await busy.answer(), /^HTTP\/1.1 200 [\s\S]*"outcome":"accepted"/)
  await Promise.all([stopped, busy.closed, asking.closed])
  t.notOk(app.log.some(({ level }) => level >= 50))
})
