import t from 'tap'
import { createCollector } from '../../src/dify/collect.js'
import { type Reply, replyTo } from '../../src/dify/reply.js'
import type { AskOutcome } from '../../src/engine/providers.js'
import { answer } from '../fixtures/said.js'
import { event, PING } from './server.js'

const SSE = 'text/event-stream; charset=utf-8'

function reply(
  options: { app?: 'chat' | 'workflow'; status?: number; type?: string | undefined; retryAfter?: string } = {},
) {
  let progress = 0
  const made: Reply = replyTo(
    options.app ?? 'chat',
    {
      status: options.status ?? 200,
      headers: {
        ...('type' in options
          ? options.type === undefined
            ? {}
            : { 'content-type': options.type }
          : { 'content-type': SSE }),
        ...(options.retryAfter === undefined ? {} : { 'retry-after': options.retryAfter }),
      },
    },
    createCollector(options.app ?? 'chat', null),
    () => {
      progress++
    },
    0,
  )
  return {
    ...made,
    take: (text: string): AskOutcome | null => made.take(Buffer.from(text)),
    progress: () => progress,
  }
}

const tooLarge = { is: 'failed', code: 'too_large', isWorthRetry: false }
const hello = answer('Hello', 'c')

t.test('a stream gives its outcome with the event that settles it', async (t) => {
  const { take } = reply()
  t.equal(take(event('message', { answer: 'Hello', conversation_id: 'c' })), null)
  t.same(take(event('message_end') + event('message', { answer: 'more' })), hello)
})

t.test('events count as progress of a run, pings do not', async (t) => {
  const { take, progress } = reply()
  take(`${PING}: still here\n\n${event('ping')}data: nonsense\n\n`)
  t.equal(progress(), 0)
  take(event('node_started') + event('message', { answer: 'x' }))
  t.equal(progress(), 2)
})

t.test('a stream that ends without its end is lost', async (t) => {
  const half = reply()
  half.take(event('message', { answer: 'Hel' }))
  t.same(half.end(), { is: 'unknown', code: 'lost_stream' })
  t.same(half.breakOff('ECONNRESET'), { is: 'unknown', code: 'ECONNRESET' })
  t.same(reply().end(), { is: 'unknown', code: 'lost_stream' })
})

t.test('a last event without its newline still counts', async (t) => {
  const { take, end } = reply()
  t.equal(take(event('message', { answer: 'Hello', conversation_id: 'c' }) + event('message_end').trim()), null)
  t.same(end(), hello)
})

t.test('a stream of events is read as such under any content type', async (t) => {
  for (const type of [undefined, 'text/plain', 'application/octet-stream']) {
    const named = reply({ type })
    t.same(named.take(event('message', { answer: 'Hello', conversation_id: 'c' }) + event('message_end')), hello)
    const half = reply({ type })
    half.take(event('message', { answer: 'Hel' }))
    t.same(half.end(), { is: 'unknown', code: 'lost_stream' })
  }
  const page = reply({ type: 'text/html' })
  t.equal(page.take('<!doctype html>\n<p>Please sign in\n'), null)
  t.same(page.end(), { is: 'unknown', code: 'not_a_stream' })
})

t.test('a node may tell of more than any answer has', async (t) => {
  const { take } = reply()
  t.equal(take(event('node_finished', { data: { outputs: { body: 'x'.repeat(4_000_000) } } })), null)
  t.same(take(event('message', { answer: 'Hello', conversation_id: 'c' }) + event('message_end')), hello)
})

t.test('a stream above its size limit ends the reply, in lines or without', async (t) => {
  const line = reply()
  let outcome = line.take('data: {"answer":"')
  let size = 0
  for (; outcome === null && size < 40_000_000; size += 65_536) outcome = line.take('x'.repeat(65_536))
  t.same(outcome, tooLarge)
  t.ok(size <= 8 * 1024 * 1024 + 65_536)

  const lines = reply()
  const one = event('node_finished', { data: 'x'.repeat(60_000) })
  for (size = 0, outcome = null; outcome === null && size < 40_000_000; size += one.length) outcome = lines.take(one)
  t.same(outcome, tooLarge)
  t.ok(size <= 8 * 1024 * 1024 + one.length)
})

t.test('an answer in one piece is an answer', async (t) => {
  const chat = reply({ type: 'application/json' })
  t.equal(chat.take('{"event":"message","answer":"Hello",'), null)
  t.equal(chat.take('"conversation_id":"c"}'), null)
  t.same(chat.end(), hello)
  t.equal(chat.progress(), 2)

  const workflow = reply({ app: 'workflow', type: 'application/json' })
  workflow.take('{"task_id":"t","data":{"id":"w","status":"succeeded","outputs":{"text":"Hello"}}}')
  t.same(workflow.end(), answer('Hello', null))

  const long = reply({ type: 'application/json' })
  long.take(JSON.stringify({ answer: 'x'.repeat(20_001) }))
  t.same(long.end(), tooLarge)
})

t.test('a pause in one piece is a pause, whatever was said before it', async (t) => {
  const chat = reply({ type: 'application/json' })
  chat.take('{"event":"workflow_paused","answer":"One moment","conversation_id":"c","data":{"status":"paused"}}')
  t.same(chat.end(), { is: 'handoff', conversationId: 'c' })
  const workflow = reply({ app: 'workflow', type: 'application/json' })
  workflow.take('{"task_id":"t","data":{"id":"w","status":"paused"}}')
  t.same(workflow.end(), { is: 'handoff', conversationId: null })
})

t.test('other JSON is no answer', async (t) => {
  for (const [app, text] of [
    ['chat', '{"status":"ok"}'],
    ['chat', '{"answer":7}'],
    ['chat', 'nonsense'],
    ['chat', '[]'],
    ['chat', ''],
    ['workflow', '{"answer":"Hello"}'],
  ] as const) {
    const other = reply({ app, type: 'application/json' })
    other.take(text)
    t.same(other.end(), { is: 'unknown', code: 'not_a_stream' }, text)
    t.same(other.breakOff('ECONNRESET'), { is: 'unknown', code: 'ECONNRESET' })
  }
})

t.test('a JSON without end is too large', async (t) => {
  const { take } = reply({ type: 'application/json' })
  const part = 'x'.repeat(1024 * 1024)
  for (let i = 0; i < 8; i++) t.equal(take(part), null)
  t.same(take('x'), tooLarge)
})

t.test('a refusal is what its status says, whether its body is read in full or not', async (t) => {
  const limited = reply({ status: 429, retryAfter: '3', type: 'application/json' })
  const outcome = { is: 'not_started', isWorthRetry: true, retryAfterMs: 3000, isDown: false }
  t.same(limited.breakOff('ECONNRESET'), { ...outcome, code: 'http_429' })
  t.equal(limited.take('{"code":"too_many_requests"}'), null)
  t.same(limited.end(), { ...outcome, code: 'too_many_requests' })
  t.same(limited.take('x'.repeat(65_536)), { ...outcome, code: 'http_429' })
})
