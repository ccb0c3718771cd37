import { once } from 'node:events'
import t, { type Test } from 'tap'
import { Agent } from 'undici'
import type { Assistant } from '../../src/conversation/channel.js'
import type { AskedQuestion } from '../../src/conversation/question/question-text.js'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import { type Attempt, type AttemptParts, attempt } from '../../src/dify/attempt.js'
import type { CallTerms } from '../../src/engine/providers.js'
import { answer as said } from '../fixtures/said.js'
import { assistantAt, callOf, closed, event, json, PING, pretend, question, stream } from './server.js'

const names = { ...NO_NAMES, taskId: 't', conversationId: 'c', messageId: 'm' }
const ids = { task_id: 't', conversation_id: 'c', message_id: 'm' }
const hello = event('message', { answer: 'Hello', ...ids })
const answer = said('Hello', 'c')

function attempted(
  t: Test,
  assistant: Assistant,
  call: CallTerms,
  parts: Partial<AttemptParts> = {},
  changes: Partial<AskedQuestion> = {},
): Promise<Attempt> {
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  return attempt(
    { agent, now: () => 0, noProgressMs: 20_000, lingerMs: 20_000, onLateNames: () => {}, ...parts },
    assistant,
    { ...question, ...changes },
    call,
  )
}

t.test('the answer is there with its end, though the connection stays', async (t) => {
  const { assistant } = await pretend(t, (_, response) => stream(response, hello, event('message_end', ids)))
  const call = callOf()
  t.same(await attempted(t, assistant('chat'), call), { outcome: answer, status: 200, names, isLeftRunning: false })
  t.same(call.named, [names])
})

t.test('a connection that stays is closed after a while', async (t) => {
  const { assistant, server } = await pretend(t, (_, response) => {
    stream(response, hello, event('message_end', ids))
  })
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  t.same((await attempted(t, assistant('chat'), callOf(), { lingerMs: 10 })).outcome, answer)
  await gone
})

t.test('the stream is read to its end after the answer, and its connection serves the next question', async (t) => {
  const { assistant, sockets } = await pretend(t, (_, response) => {
    stream(response, hello, event('message_end', ids))
    setImmediate(() => response.end(event('workflow_finished', { data: { status: 'failed' } })))
  })
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  const isFree = (): boolean => Object.values(agent.stats).some((pool) => 'free' in pool && pool.free === 1)
  t.same((await attempted(t, assistant('chat'), callOf(), { agent })).outcome, answer)
  while (!isFree()) await new Promise(setImmediate)
  t.same((await attempted(t, assistant('chat'), callOf(), { agent })).outcome, answer)
  t.equal(sockets.size, 1)
})

t.test('a connection that breaks after the answer changes nothing', async (t) => {
  const { assistant, server } = await pretend(t, (_, response) => {
    stream(response, hello, event('message_end', ids))
    setTimeout(() => response.destroy(), 5)
  })
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  t.same((await attempted(t, assistant('chat'), callOf())).outcome, answer)
  await gone
})

t.test('the ids of a run are reported as they come, each once', async (t) => {
  const { assistant } = await pretend(t, (_, response) => {
    stream(response, PING, event('workflow_started', { task_id: 't', data: { id: 'w' } }))
    stream(response, hello, hello, event('message_end', ids))
  })
  const call = callOf()
  const named = { ...names, workflowRunId: 'w' }
  t.same((await attempted(t, assistant('chat'), call)).names, named)
  t.same(call.named, [{ ...NO_NAMES, taskId: 't', workflowRunId: 'w' }, named])
})

t.test('streamed texts are passed on as they come', async (t) => {
  const { assistant } = await pretend(t, (_, response) => {
    stream(response, PING, hello, PING, hello, event('message_end', ids))
  })
  const heard: (readonly string[])[] = []
  await attempted(t, assistant('chat'), callOf({ onSaid: (said) => heard.push(said) }))
  t.same(heard, [['Hello'], ['HelloHello']])
})

t.test('a stream that ends early, or breaks, may still go on at Dify', async (t) => {
  for (const [end, code] of [
    ['end', 'lost_stream'],
    ['destroy', 'UND_ERR_SOCKET'],
  ] as const) {
    const { assistant } = await pretend(t, (_, response) => {
      stream(response, hello)
      setTimeout(() => response[end](), 5)
    })
    const made = await attempted(t, assistant('chat'), callOf())
    t.same(made, { outcome: { is: 'unknown', code }, status: 200, names, isLeftRunning: false })
  }
})

t.test('a connection that breaks before any answer leaves it open what happened', async (t) => {
  const { assistant } = await pretend(t, (_, response) => response.destroy())
  const made = await attempted(t, assistant('chat'), callOf())
  t.same(made, { outcome: { is: 'unknown', code: 'UND_ERR_SOCKET' }, status: 0, names: NO_NAMES, isLeftRunning: false })
})

t.test('a refused connection means that the run certainly never began', async (t) => {
  const { assistant, server } = await pretend(t, () => {})
  await new Promise((resolve) => server.close(resolve))
  const { outcome } = await attempted(t, assistant('chat'), callOf())
  t.same(outcome, { is: 'not_started', code: 'ECONNREFUSED', isWorthRetry: true, retryAfterMs: 0, isDown: true })
})

t.test('a key that cannot be said is an outcome like any other', async (t) => {
  const { outcome } = await attempted(t, assistantAt('http://127.0.0.1:1', 'chat', 'two\nlines'), callOf())
  t.same(outcome, {
    is: 'not_started',
    code: 'UND_ERR_INVALID_ARG',
    isWorthRetry: false,
    retryAfterMs: 0,
    isDown: false,
  })
})

t.test('a refusal has its status and its code', async (t) => {
  const { assistant } = await pretend(t, (_, response) =>
    json(response, 429, { code: 'too_many_requests' }, { 'retry-after': '2' }),
  )
  const made = await attempted(t, assistant('chat'), callOf())
  t.equal(made.status, 429)
  t.same(made.outcome, {
    is: 'not_started',
    code: 'too_many_requests',
    isWorthRetry: true,
    retryAfterMs: 2000,
    isDown: false,
  })
})

t.test('a refusal whose body does not end is one all the same', async (t) => {
  const { assistant } = await pretend(t, (_, response) => response.writeHead(400).write('{'))
  const { outcome } = await attempted(t, assistant('chat'), callOf({ timeoutMs: 300 }))
  t.same(outcome, { is: 'not_started', code: 'http_400', isWorthRetry: false, retryAfterMs: 0, isDown: false })
})

t.test('the time-out ends a run, whatever arrives meanwhile', async (t) => {
  const { assistant, server } = await pretend(t, (_, response) => {
    stream(response, hello)
    const more = setInterval(() => response.write(hello), 5)
    response.on('close', () => clearInterval(more))
  })
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  const made = await attempted(t, assistant('chat'), callOf({ timeoutMs: 900 }), { noProgressMs: 600 })
  t.same(made, { outcome: { is: 'unknown', code: 'timeout' }, status: 200, names, isLeftRunning: true })
  await gone
})

t.test('a run that only pings does not get on', async (t) => {
  const { assistant, server } = await pretend(t, (_, response) => {
    stream(response, hello)
    const pings = setInterval(() => response.write(PING), 5)
    response.on('close', () => clearInterval(pings))
  })
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  const made = await attempted(t, assistant('chat'), callOf(), { noProgressMs: 300 })
  t.same(made, { outcome: { is: 'unknown', code: 'no_progress' }, status: 200, names, isLeftRunning: true })
  await gone
})

t.test('a missing answer is unknown, a missing connection certainly not sent', async (t) => {
  const silent = await pretend(t, () => {})
  const made = await attempted(t, silent.assistant('chat'), callOf({ timeoutMs: 300 }))
  t.same(made.outcome, { is: 'unknown', code: 'timeout' })

  const agent = new Agent({ connect: () => {} })
  const { outcome } = await attempted(t, silent.assistant('chat'), callOf({ timeoutMs: 10 }), { agent })
  t.same(outcome, { is: 'not_started', code: 'timeout', isWorthRetry: true, retryAfterMs: 0, isDown: true })
})

t.test('a time longer than any timer is no time at all', async (t) => {
  const { assistant } = await pretend(t, (_, response) => stream(response, hello, event('message_end', ids)))
  t.same((await attempted(t, assistant('chat'), callOf({ timeoutMs: 2 ** 40 }))).outcome, answer)
})

t.test('an abort closes the call at once', async (t) => {
  const abort = new AbortController()
  const { assistant, server } = await pretend(t, (_, response) => stream(response, hello))
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  const made = await attempted(t, assistant('chat'), callOf({ signal: abort.signal, onNames: () => abort.abort() }))
  t.same(made, { outcome: { is: 'cancelled' }, status: 200, names, isLeftRunning: true })
  await gone
})

t.test('a call that is dropped before Dify named its run is closed when it does', async (t) => {
  const abort = new AbortController()
  let say = (): void => {}
  const { assistant, server } = await pretend(t, (_, response) => {
    stream(response, PING)
    say = () => response.write(`${PING}${hello}${hello}`)
    abort.abort()
  })
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  const late: unknown[] = []
  const heard: (readonly string[])[] = []
  const call = callOf({ signal: abort.signal, onSaid: (said) => heard.push(said) })
  const made = await attempted(t, assistant('chat'), call, { noProgressMs: 50, onLateNames: (its) => late.push(its) })
  t.match(made, { outcome: { is: 'cancelled' }, names: NO_NAMES, isLeftRunning: true })
  say()
  await gone
  t.same(late, [names])
  t.same(call.named, [], 'nobody waits for them any more')
  t.same(heard, [], 'nor for what it says')
})

t.test('a dropped call whose run Dify does not name is closed after a while, or when Dify closes it', async (t) => {
  for (const reply of [
    (_: unknown, response: Parameters<typeof stream>[0]) => stream(response, PING),
    (_: unknown, response: Parameters<typeof stream>[0]) => void setTimeout(() => response.end(PING), 20),
    (_: unknown, response: Parameters<typeof stream>[0]) => void setTimeout(() => response.destroy(), 20),
  ]) {
    const abort = new AbortController()
    const { assistant, server } = await pretend(t, (asked, response) => {
      reply(asked, response)
      abort.abort()
    })
    const gone = once(server, 'connection').then(([socket]) => closed(socket))
    const late: unknown[] = []
    const made = await attempted(t, assistant('chat'), callOf({ signal: abort.signal }), {
      lingerMs: 60,
      onLateNames: (its) => late.push(its),
    })
    t.same(made.outcome, { is: 'cancelled' })
    await gone
    t.same(late, [])
  }
})

t.test('an abort before the connection stands keeps the question from leaving', async (t) => {
  const abort = new AbortController()
  const { assistant, asked, server } = await pretend(t, () => {})
  const connected = once(server, 'connection')
  const made = attempted(t, assistant('chat'), callOf({ signal: abort.signal }))
  abort.abort()
  t.same((await made).outcome, { is: 'cancelled' })
  const [socket] = await connected
  await closed(socket.resume())
  t.same(asked, [])
})

t.test('an answer of forty megabytes is refused', async (t) => {
  let megabytes = 0
  const { assistant, server } = await pretend(t, (_, response) => {
    stream(response, event('node_started', ids), 'data: {"event":"message","answer":"')
    const part = 'x'.repeat(1024 * 1024)
    const more = (): void => {
      while (megabytes < 40) {
        megabytes++
        if (!response.write(part)) break
      }
    }
    response.on('drain', more)
    more()
  })
  const gone = once(server, 'connection').then(([socket]) => closed(socket))
  const { outcome, isLeftRunning } = await attempted(t, assistant('chat'), callOf())
  t.same(outcome, { is: 'failed', code: 'too_large', isWorthRetry: false })
  t.ok(isLeftRunning)
  await gone
  t.ok(megabytes < 20, `${megabytes} MB left the server`)
})

t.test('an error in the callback for the run’s ids loses this call and nothing else', async (t) => {
  const { assistant } = await pretend(t, (_, response) => stream(response, hello, event('message_end', ids)))
  const onNames = (): never => {
    throw new Error('a secret')
  }
  t.same((await attempted(t, assistant('chat'), callOf({ onNames }))).outcome, { is: 'unknown', code: 'error' })
})

t.test('a workflow is asked where workflows are', async (t) => {
  const { assistant, asked } = await pretend(t, (_, response) =>
    stream(response, event('workflow_finished', { data: { status: 'succeeded', outputs: { text: 'Hello' } } })),
  )
  const { outcome } = await attempted(t, assistant('workflow'), callOf())
  t.same(outcome, { ...answer, conversationId: null })
  t.equal(asked[0]!.url, '/v1/workflows/run')
})
