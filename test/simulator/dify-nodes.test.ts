import t, { type Test } from 'tap'
import { mark, sendAnswer } from '../../src/simulator/dify-nodes.js'
import type { DifyCall } from '../../src/simulator/dify-settings.js'
import { answerJson, listen, type Received } from '../../src/simulator/listen.js'

const { signal } = new AbortController()

const callOf = (inputs?: object): DifyCall =>
  ({ body: inputs === undefined ? {} : { inputs }, answer: 'hello', marks: [], sends: [] }) as unknown as DifyCall

async function startedRouter(t: Pick<Test, 'teardown'>, answers: (readonly [number, unknown])[]) {
  const seen: Received[] = []
  const server = await listen(0, async (received, response) => {
    seen.push(received)
    const [status, body] = answers.shift() ?? [200, { proceed: true }]
    answerJson(response, status, body)
  })
  t.teardown(server.close)
  return { seen, url: `${server.origin}/mark` }
}

t.test('a flag is raised without any body', async (t) => {
  const { seen, url } = await startedRouter(t, [])
  const call = callOf({ conversation_id: '1-2' })
  t.equal(await mark(call, { url, token: 'secret', count: 2, onlyIfOn: true }, signal), 'goes on')
  t.match(seen, [
    {
      method: 'POST',
      path: '/mark',
      query: { conversation_id: '1-2', count: '2', only_if_on: 'true' },
      headers: { authorization: 'Bearer secret' },
      body: null,
    },
  ])
  t.match(call.marks, [{ status: 200 }])
})

t.test('a template without its input is sent unfilled', async (t) => {
  const { seen, url } = await startedRouter(t, [])
  await mark(callOf(), { url, token: null }, signal)
  t.strictSame(seen[0]!.query, { conversation_id: 'start.conversation_id' })
  t.notOk('authorization' in seen[0]!.headers)
})

t.test('a workflow that is told not to proceed may obey', async (t) => {
  const { url } = await startedRouter(t, Array(2).fill([200, { proceed: false }]))
  t.equal(await mark(callOf(), { url, token: null }, signal), 'goes on')
  t.equal(await mark(callOf(), { url, token: null, obeys: true }, signal), 'silent')
})

t.test('a refused flag is tried again, and then fails the node', async (t) => {
  const { seen, url } = await startedRouter(t, Array(4).fill([503, {}]))
  const call = callOf()
  t.equal(await mark(call, { url, token: null, retryAfterMs: 1 }, signal), 'failed')
  t.equal(seen.length, 3)
  t.equal(call.marks.length, 3)
  t.equal(await mark(call, { url, token: null, attempts: 1 }, signal), 'failed')
  t.match(call.error, { status: 400, message: /status code 503/ })
})

t.test('an answer is sent in so many parts, until one is refused', async (t) => {
  const { seen, url } = await startedRouter(t, [[200, {}]])
  const sends = { graphUrl: url, account: '1', token: 'page' }
  t.equal(await sendAnswer(callOf({ conversation_id: '1-2' }), sends, signal), 'goes on')
  t.match(seen, [
    {
      path: '/mark/1/messages',
      headers: { authorization: 'Bearer page' },
      body: { recipient: { id: '2' }, message: { text: 'hello' } },
    },
  ])
  const other = await startedRouter(t, [
    [200, {}],
    [400, {}],
  ])
  const call = callOf({ conversation_id: '1-2' })
  t.equal(await sendAnswer(call, { ...sends, graphUrl: other.url, parts: 3 }, signal), 'failed')
  t.strictSame(
    call.sends.map(({ status }) => status),
    [200, 400],
  )
})
