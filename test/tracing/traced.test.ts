import t from 'tap'
import type { Event } from '../../src/conversation/event.js'
import type { Receive, Store } from '../../src/engine/ports.js'
import type { AskReply, AssistantClient, Sender, SendReply } from '../../src/engine/providers.js'
import { traced } from '../../src/tracing/traced.js'
import type { Described, Span, Tracing } from '../../src/tracing/tracing.js'
import { ID } from '../fixtures/conversation.js'

/** Writes spans down as they end. */
const noting = () => {
  const ended: object[] = []
  let depth = 0
  const tracing: Tracing = {
    span<T>({ name, parent = null, facts }: Described, work: (span: Span) => T): T {
      const noted: { name: string; parent: string | null; facts: object; failure?: string } = { name, parent, facts }
      const span: Span = {
        traceparent: `of ${name}`,
        note: (more) => {
          noted.facts = { ...noted.facts, ...more }
        },
        fail: (code) => {
          noted.failure = code
        },
      }
      ended.push(noted)
      depth += 1
      const result = work(span)
      depth -= 1
      return result
    },
    isWithinSpan: () => depth > 0,
    async close() {},
  }
  return { tracing, ended }
}

let reply: AskReply | SendReply
const told: unknown[] = []
const note = (what: unknown) => {
  told.push(what)
  return Promise.resolve(reply)
}
const ports = {
  store: { commit: () => 'committed', now: () => 7 } as unknown as Store,
  sender: { send: (_channel: unknown, outgoing: unknown) => note(outgoing) } as unknown as Sender,
  assistant: { ask: (_settings: unknown, question: unknown) => note(question) } as unknown as AssistantClient,
}
const receive = ((_id: string, _channel: object, event: Event) => ({
  verdict: event.is === 'wake' ? {} : { outcome: 'accepted' },
})) as unknown as Receive

t.test('where nobody traces, the ports are what they were', async (t) => {
  const { traceReceive, traceWebhook, ...same } = traced(null, ports)
  for (const name of ['store', 'sender', 'assistant'] as const) t.equal(same[name], ports[name])
  t.equal(traceReceive(receive), receive)
  t.equal(
    traceWebhook('given', (traceparent) => traceparent),
    'given',
  )
  t.equal(
    traceWebhook(null, (traceparent) => traceparent),
    null,
  )
})

t.test('a delivery is decided and committed under its span, and what a timer began under none', async (t) => {
  const { tracing, ended } = noting()
  const { store, traceReceive, traceWebhook } = traced(tracing, ports)
  const change = { records: [1, 2] } as never
  const work = (is: string) => {
    traceReceive(receive)(ID, {} as never, { is } as never, null)
    return store.commit(ID, null, change)
  }
  t.equal(work('wake'), 'committed')
  t.same(ended, [])
  t.equal(store.now(), 7)
  t.equal(
    traceWebhook('above', (traceparent) => {
      t.equal(traceparent, 'of POST /webhook')
      work('message')
      return work('wake')
    }),
    'committed',
  )
  const of = { 'message_router.conversation_id': ID }
  const commit = {
    name: 'commit',
    facts: { ...of, 'message_router.records': 2, 'message_router.outcome': 'committed' },
  }
  t.match(ended, [
    { name: 'POST /webhook', parent: 'above', facts: { 'http.route': '/webhook' } },
    { name: 'decision', facts: { ...of, 'message_router.event': 'message', 'message_router.outcome': 'accepted' } },
    commit,
    { name: 'decision', facts: { ...of, 'message_router.event': 'wake' } },
    commit,
  ])
})

t.test('a question and a send have spans of their own, with what became of them', async (t) => {
  const { tracing, ended } = noting()
  const { assistant, sender } = traced(tracing, ports)
  for (const [is, more, failure] of [
    ['answer', {}, undefined],
    ['cancelled', {}, undefined],
    ['failed', { code: 'too_large' }, 'too_large'],
    ['unknown', { code: 'timeout' }, 'timeout'],
  ] as const) {
    reply = { is, ...more } as never
    ended.length = 0
    told.length = 0
    const question = { id: ID, traceparent: 'above', query: 'secret' }
    t.equal(await assistant.ask({ app: 'chat' } as never, question as never, {} as never), reply)
    t.same(told, [{ ...question, traceparent: 'of question' }])
    t.match(ended, [{ name: 'question', parent: 'above', facts: { 'message_router.outcome': is }, failure }])
    t.notMatch(JSON.stringify(ended), 'secret')
  }
  for (const [is, more, failure] of [
    ['sent', {}, undefined],
    ['stale', {}, undefined],
    ['dead', { code: '551' }, '551'],
    ['later', {}, 'later'],
  ] as const) {
    reply = { is, ...more } as never
    ended.length = 0
    const outgoing = { userId: '2', text: 'secret', traceparent: 'above' }
    t.equal(await sender.send({ id: '1' } as never, outgoing as never, 0), reply)
    t.match(ended, [{ name: 'send', parent: 'above', failure }])
    t.match(ended, [{ facts: { 'message_router.conversation_id': '1-2', 'message_router.outcome': is } }])
    t.notMatch(JSON.stringify(ended), 'secret')
  }
})
