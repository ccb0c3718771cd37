import t from 'tap'
import type { DifyEvent } from '../../src/simulator/dify-events.js'
import type { Output } from '../../src/simulator/dify-output.js'
import { play } from '../../src/simulator/dify-run.js'
import { APP_DEFAULTS, type DifyApp, type DifyCall, type DifyFault } from '../../src/simulator/dify-settings.js'
import { answerJson, listen } from '../../src/simulator/listen.js'

interface Played {
  readonly call: DifyCall
  /** What was written, in order: events by their names, and `cut`, `end`, `ping`. */
  readonly written: readonly string[]
  readonly events: readonly DifyEvent[]
}

interface Setting {
  readonly app?: Partial<DifyApp>
  readonly fault?: DifyFault
  readonly signal?: AbortSignal
  readonly onPing?: () => void
}

async function played({ app, fault = {}, signal, onPing }: Setting): Promise<Played> {
  const call = {
    query: 'hi',
    body: { inputs: { conversation_id: '1-2' } },
    status: 'running',
    answer: '',
    error: null,
    endedAt: null,
    cutAt: null,
    marks: [],
    sends: [],
  } as unknown as DifyCall
  const written: string[] = []
  const events: DifyEvent[] = []
  const output: Output = {
    async event(event) {
      written.push(String(event['event']))
      events.push(event)
    },
    async brokenEvent() {
      written.push('broken')
    },
    async ping() {
      written.push('ping')
      onPing?.()
    },
    cut: () => written.push('cut'),
    end: () => written.push('end'),
  }
  await play({ app: { ...APP_DEFAULTS, ...app }, call, fault, output, signal: signal ?? new AbortController().signal })
  return { call, written, events }
}

t.test('a run tells its answer in pieces, with pings between', async (t) => {
  const { call, written, events } = await played({ app: { pings: 1, answer: '{query}, {query}$&', chunks: 2 } })
  t.strictSame(written, ['ping', 'message', 'ping', 'message', 'message_end', 'end'])
  t.equal(events.map(({ answer = '' }) => answer).join(''), 'hi, hi$&')
  t.match(call, { status: 'succeeded', answer: 'hi, hi$&', endedAt: Number })
})

t.test('a run may be slow', async (t) => {
  const before = performance.now()
  await played({ fault: { delayMs: 10, chunkDelayMs: 5 } })
  t.ok(performance.now() - before >= 20)
})

t.test('a run may end early, after a given number of pieces', async (t) => {
  const errorEvent = { status: 429, code: 'too_many_requests', message: 'slow down' }
  for (const [fault, status, written] of [
    [{ errorEvent }, 'failed', ['error', 'end']],
    [{ errorEvent, afterChunks: 2 }, 'failed', ['message', 'message', 'error', 'end']],
    [{ errorEvent, afterChunks: 99 }, 'failed', ['message', 'message', 'message', 'error', 'end']],
    [{ failed: true }, 'failed', ['error', 'end']],
    [{ empty: true }, 'succeeded', ['message_end', 'end']],
    [{ invalidUtf8: true }, 'succeeded', ['broken', 'broken', 'broken', 'message_end', 'end']],
  ] as const) {
    const run = await played({ fault })
    t.equal(run.call.status, status)
    t.strictSame(run.written, written)
    if ('errorEvent' in fault) t.match(run.call.error, errorEvent)
  }
  const opening = ['workflow_started', 'node_started', 'node_finished']
  for (const [kind, fault, closing] of [
    ['chatflow', { failed: true }, ['workflow_finished', 'error', 'end']],
    ['workflow', { failed: true }, ['workflow_finished', 'end']],
    ['workflow', { errorEvent }, ['error', 'end']],
    ['workflow', { paused: true }, ['human_input_required', 'workflow_paused', 'end']],
  ] as const) {
    t.strictSame((await played({ app: { kind }, fault })).written, [...opening, ...closing])
  }
})

t.test('an answer may be taken back', async (t) => {
  const { call, written } = await played({ fault: { replaceWith: 'no' } })
  t.equal(call.answer, 'no')
  t.strictSame(written.slice(-3), ['message_replace', 'message_end', 'end'])
})

t.test('an answer may be huge', async (t) => {
  const { call, written } = await played({ fault: { huge: 150_000 } })
  t.equal(call.answer.length, 150_000)
  t.equal(written.length, 5)
})

t.test('the connection may break, and the run go on or be lost', async (t) => {
  const lost = await played({ fault: { cutAfterChunks: 1 } })
  t.strictSame(lost.written, ['message', 'cut'])
  t.match(lost.call, { status: 'running', endedAt: null, cutAt: Number })
  const behind = await played({ fault: { cutAfterChunks: 99, finishAnyway: true } })
  t.strictSame(behind.written.slice(2), ['message', 'cut', 'message_end', 'end'])
  t.match(behind.call, { status: 'succeeded', answer: 'You said: hi' })
})

t.test('a run stops when told, whatever it is doing', async (t) => {
  t.match((await played({ signal: AbortSignal.abort() })).call, { status: 'stopped', answer: '' })
  const stop = new AbortController()
  const pinging = await played({ fault: { pingsOnly: true }, signal: stop.signal, onPing: () => stop.abort() })
  t.strictSame(pinging.written, ['ping', 'message_end', 'end'])
  const hanging = new AbortController()
  const silent = played({ fault: { hang: true }, signal: hanging.signal })
  setImmediate(() => hanging.abort())
  t.strictSame((await silent).written, ['message_end', 'end'])
})

t.test('a run marks before it answers, and sends afterwards', async (t) => {
  const seen: string[] = []
  let [status, proceed] = [200, true]
  const server = await listen(0, async ({ path }, response) => {
    seen.push(path)
    answerJson(response, path === '/mark' || status === 200 ? 200 : status, { proceed })
  })
  t.teardown(server.close)
  const marks = { url: `${server.origin}/mark`, token: null, obeys: true }
  const sends = { graphUrl: server.origin, account: '1', token: 'x' }
  t.match((await played({ app: { marks, sends } })).call, { status: 'succeeded', marks: [{}], sends: [{}] })
  t.strictSame(seen.splice(0), ['/mark', '/1/messages'])

  status = 500
  const unsent = await played({ app: { marks, sends } })
  t.match(unsent.call, { status: 'failed', error: { message: /status code 500/ } })
  t.strictSame(unsent.written.slice(-2), ['error', 'end'])

  proceed = false
  t.match((await played({ app: { marks, sends } })).call, { status: 'succeeded', answer: '', sends: [] })

  const nowhere = { ...marks, url: `${server.origin}/nowhere`, attempts: 1 }
  t.match(await played({ app: { marks: nowhere } }), { call: { status: 'failed' }, written: ['error', 'end'] })
})

t.test('a failure of its own is not hidden', async (t) => {
  const app = { answer: null } as unknown as DifyApp
  await t.rejects(played({ app }), TypeError)
})
