import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { type ExchangeRequest, exchange } from '../src/exchange.js'
import { Agent } from '../src/undici.js'

async function serve(t: Test) {
  const seen: string[] = []
  const server = createServer((asked, answer) => {
    seen.push(`${asked.method} ${asked.url} ${asked.headers['x-by']}`)
    asked.resume().on('end', () => answer.writeHead(201).end('made'))
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

function exchanged(agent: Agent, request: ExchangeRequest): Promise<readonly (string | number | boolean)[]> {
  const heard: (string | number | boolean)[] = []
  return new Promise((resolve) => {
    exchange(agent, request, {
      onHead: (status) => void heard.push(status),
      onData: (chunk) => void heard.push(chunk.toString()),
      onEnd: () => resolve([...heard, 'end']),
      onFailure: (error, isSent) => resolve([...heard, error.message, isSent]),
    })
  })
}

t.test('a request goes to its whole address, unless it may not leave any more', async (t) => {
  const { base, seen } = await serve(t)
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  const request = { url: `${base}/a?b=c`, method: 'POST', headers: { 'x-by': '1' }, body: 'x' } as const
  t.strictSame(await exchanged(agent, request), [201, 'made', 'end'])
  t.strictSame(await exchanged(agent, { ...request, mayLeave: () => false }), ['may not leave', false])
  t.strictSame(await exchanged(agent, { ...request, method: 'GET', body: null }), [201, 'made', 'end'])
  t.strictSame(seen, ['POST /a?b=c 1', 'GET /a?b=c 1'])
})
