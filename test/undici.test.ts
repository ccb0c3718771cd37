import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { Agent, request } from '../src/undici.js'

t.test('a request goes through its pool, by GET where nothing else is said', async (t) => {
  const seen: (string | undefined)[] = []
  const server = createServer((asked, answer) => {
    seen.push(`${asked.method} ${asked.url} ${asked.headers['x-by']}`)
    asked.resume().on('end', () => answer.writeHead(201).end('made'))
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  await new Promise((resolve) => server.once('listening', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const got = await request(agent, `${base}/a/b?c=d`, { headers: { 'x-by': '1' } })
  t.strictSame([got.statusCode, await got.body.text()], [201, 'made'])
  const posted = await request(agent, new URL('/', base), { method: 'POST', body: 'x', headers: { 'x-by': '2' } })
  await posted.body.dump()
  t.strictSame(seen, ['GET /a/b?c=d 1', 'POST / 2'])
})
