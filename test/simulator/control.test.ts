import t from 'tap'
import { answerControl } from '../../src/simulator/control.js'
import { answerJson, listen } from '../../src/simulator/listen.js'

t.test('each control of a program is available over HTTP', async (t) => {
  let last: unknown
  const controls = {
    set(input: { readonly n: number }) {
      last = input
    },
    async twice({ n }: { readonly n: number }) {
      return { n: n * 2 }
    },
    fail() {
      throw new Error('oh')
    },
  }
  const server = await listen(0, async (received, response) => {
    if (!(await answerControl(received, response, controls, { last: () => last }))) answerJson(response, 418, {})
  })
  t.teardown(server.close)
  const call = async (method: string, path: string, body?: unknown): Promise<[number, unknown]> => {
    const response = await fetch(server.origin + path, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
    })
    return [response.status, await response.json()]
  }
  t.strictSame(await call('POST', '/_control/set', { n: 1 }), [200, {}])
  t.strictSame(await call('GET', '/_control/last'), [200, { n: 1 }])
  t.strictSame(await call('POST', '/_control/set'), [200, {}])
  t.strictSame(await call('GET', '/_control/last'), [200, {}])
  t.strictSame(await call('POST', '/_control/twice', { n: 2 }), [200, { n: 4 }])
  t.strictSame(await call('POST', '/_control/fail'), [400, { error: 'Error: oh' }])
  for (const body of [[], 'n', 5]) {
    t.strictSame(await call('POST', '/_control/set', body), [400, { error: 'set takes a JSON object' }])
  }
  t.strictSame(await call('POST', '/_control/toString'), [404, { error: 'POST knows set, twice, fail' }])
  t.strictSame(await call('GET', '/_control/set'), [404, { error: 'GET knows last' }])
  t.strictSame(await call('GET', '/other'), [418, {}])
})
