import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { answerNotHttp } from '../../../src/http/edge/not-http.js'
import { startApp } from '../../fixtures/app.js'
import { API_TOKEN } from '../../fixtures/settings.js'
import { PAGE } from '../../fixtures/webhooks.js'

t.test('malformed HTTP is answered over a real connection', async (t) => {
  const app = await startApp(t)
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  const talk = async (request: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(request)
    return text(socket)
  }

  await t.test('malformed HTTP is answered in the shape of all errors', async (t) => {
    for (const [request, status] of [
      ['hello\r\n\r\n', 400],
      ['GET / HTTP/9.9\r\n\r\n', 400],
      ['GET /health HTTP/1.1\r\n\r\n', 400],
      ['POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', 400],
      [`GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`, 431],
    ] as const) {
      const answer = await talk(request)
      t.match(answer, new RegExp(`^HTTP/1.1 ${status} .+\r\n`), request.slice(0, 30))
      t.match(answer, /connection: close/i)
      if (!request.includes('/health HTTP/1.1\r\n\r\n'))
        t.match(answer, '{"status":"error","code":"bad_request","message":"')
    }
  })

  await t.test('a long text fits into a query', async (t) => {
    const query = `conversation_id=${PAGE}-2&text=${encodeURIComponent('س'.repeat(10_000))}`
    const answer = await talk(
      `POST /api/mark-bot-response?${query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${API_TOKEN}\r\nConnection: close\r\n\r\n`,
    )
    t.match(answer, /^HTTP\/1.1 200 [\s\S]*"proceed":true/)
  })
})

t.test('each failure has its status', async (t) => {
  const said: string[] = []
  const end = (words: string) => said.push(words)
  const socket = { writable: true, end, destroy() {} } as unknown as Socket
  answerNotHttp({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
  answerNotHttp({ code: 'HPE_INVALID_CONSTANT' }, socket)
  answerNotHttp({}, socket)
  t.match(said, [/^HTTP\/1.1 408 Request Timeout\r\n/, /^HTTP\/1.1 400 Bad Request\r\n/, /^HTTP\/1.1 400 /])
  const [head, body] = said[0]!.split('\r\n\r\n')
  t.match(head, `Content-Length: ${body!.length}`)
  t.equal(JSON.parse(body!).code, 'bad_request')
})

t.test('a client that has closed its connection is not answered', async (t) => {
  const silent = {
    writable: true,
    end: () => t.fail('nobody is there'),
  } as unknown as Socket
  answerNotHttp({ code: 'ECONNRESET' }, silent)
  answerNotHttp({ code: 'HPE_INVALID_CONSTANT' }, { ...silent, writable: false } as unknown as Socket)
})
