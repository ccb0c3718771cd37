import { andThen } from '../engine/maybe-promise.js'
import type { Receive, Store } from '../engine/ports.js'
import type { AskReply, AssistantClient, Sender, SendReply } from '../engine/providers.js'
import type { Span, Tracing } from './tracing.js'

/** Wraps the engine's ports so that their slow calls become spans. Without tracing the ports are used unwrapped. */

export interface Ports {
  readonly store: Store
  readonly sender: Sender
  readonly assistant: AssistantClient
}

export interface TracedPorts extends Ports {
  readonly traceReceive: (receive: Receive) => Receive
  readonly traceWebhook: TraceWebhook
}

/** Takes a delivery as a span of the trace with this `parent`; null begins a new trace. */
export type TraceWebhook = <T>(parent: string | null, take: (traceparent: string | null) => T) => T

export function traced(tracing: Tracing | null, ports: Ports): TracedPorts {
  if (tracing === null)
    return { ...ports, traceReceive: (receive) => receive, traceWebhook: (parent, take) => take(parent) }
  return {
    store: tracedStore(tracing, ports.store),
    sender: tracedSender(tracing, ports.sender),
    assistant: tracedAssistant(tracing, ports.assistant),
    traceReceive: (receive) => tracedReceive(tracing, receive),
    traceWebhook: tracedWebhook(tracing),
  }
}

/** The span of a delivery: the parent of the spans of its items. */
function tracedWebhook(tracing: Tracing): TraceWebhook {
  const facts = { 'http.request.method': 'POST', 'http.route': '/webhook' }
  return (parent, take) =>
    tracing.span({ name: 'POST /webhook', kind: 'server', parent, facts }, ({ traceparent }) => take(traceparent))
}

/** A span per decision within a delivery, a question or a send. Decisions that a timer begins get none. */
function tracedReceive(tracing: Tracing, receive: Receive): Receive {
  return (id, channel, event, key) => {
    if (!tracing.isWithinSpan()) return receive(id, channel, event, key)
    const facts = { 'message_router.conversation_id': id, 'message_router.event': event.is }
    return tracing.span({ name: 'decision', kind: 'internal', facts }, (span) =>
      andThen(receive(id, channel, event, key), (received) => {
        const { verdict } = received
        if ('outcome' in verdict) span.note({ 'message_router.outcome': verdict.outcome })
        return received
      }),
    )
  }
}

function tracedStore(tracing: Tracing, store: Store): Store {
  return {
    ...store,
    commit(id, version, change) {
      if (!tracing.isWithinSpan()) return store.commit(id, version, change)
      const facts = { 'message_router.conversation_id': id, 'message_router.records': change.records.length }
      return tracing.span({ name: 'commit', kind: 'client', facts }, (span) =>
        andThen(store.commit(id, version, change), (outcome) => {
          span.note({ 'message_router.outcome': outcome })
          return outcome
        }),
      )
    },
  }
}

function tracedAssistant(tracing: Tracing, assistant: AssistantClient): AssistantClient {
  return {
    ...assistant,
    ask(settings, question, call) {
      const facts = { 'message_router.conversation_id': question.id, 'message_router.assistant_app': settings.app }
      const parent = question.traceparent
      return tracing.span({ name: 'question', kind: 'client', parent, facts }, async (span) => {
        const reply = await assistant.ask(settings, { ...question, traceparent: span.traceparent }, call)
        noteOutcome(span, reply)
        return reply
      })
    },
  }
}

function tracedSender(tracing: Tracing, sender: Sender): Sender {
  return {
    ...sender,
    send(channel, outgoing, freshUntil) {
      const facts = {
        'message_router.channel': channel.id,
        'message_router.conversation_id': `${channel.id}-${outgoing.userId}`,
      }
      const parent = outgoing.traceparent
      return tracing.span({ name: 'send', kind: 'client', parent, facts }, async (span) => {
        const reply = await sender.send(channel, outgoing, freshUntil)
        noteOutcome(span, reply)
        return reply
      })
    },
  }
}

/** Outcomes that do not mark the span as failed. */
const FINE: ReadonlySet<string> = new Set(['answer', 'handoff', 'cancelled', 'sent', 'stale'])

function noteOutcome(span: Span, reply: AskReply | SendReply): void {
  span.note({ 'message_router.outcome': reply.is })
  if (!FINE.has(reply.is)) span.fail('code' in reply ? reply.code : reply.is)
}
