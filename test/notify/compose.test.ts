import t from 'tap'
import type { NotifyTarget } from '../../src/conversation/channel.js'
import type { Event } from '../../src/conversation/event.js'
import { NO_NOTIFICATIONS } from '../../src/engine/ports.js'
import { createCompose } from '../../src/notify/compose.js'
import { createTargets } from '../../src/notify/targets.js'
import { channelWith } from '../fixtures/channel.js'
import { createThread, customerMessage, echo, outgoing, policy, send, sendResult } from '../fixtures/conversation.js'
import { NOTIFY_SECRET } from '../fixtures/receiver.js'

const target = (url: string, ...events: NotifyTarget['events']): NotifyTarget => ({
  url,
  secret: NOTIFY_SECRET,
  events,
})

function composing(global: NotifyTarget | null, own: NotifyTarget | null = null) {
  const channel = { ...channelWith(), notify: own }
  const targets = createTargets({ global: () => global, channel: () => channel, channelIds: () => [channel.id] })
  const compose = createCompose(targets, {
    conversation: ({ id, seq }, of, now) => ({ id, seq, channel: of.id, now }),
    message: ({ text, status }, { id }) => ({ text, status, of: id }),
    channel: () => ({ connected: null }),
  })
  const thread = createThread(policy())
  return (event: Event) => {
    const before = thread.state()
    const { records } = thread.decision(event)
    thread.apply(event)
    const composed = compose(channel, before, thread.state(), records, thread.now())
    return { composed, now: thread.now() }
  }
}

t.test('without a target nothing is composed', async (t) => {
  t.equal(composing(null)(customerMessage()).composed, NO_NOTIFICATIONS)
})

t.test('each who wants it is told, in the order in which it happened', async (t) => {
  const of = composing(
    target('https://a.example', 'message.sent', 'conversation.paused'),
    target('https://b.example', 'conversation.paused'),
  )
  const { composed, now } = of(echo({ text: 'mine' }))
  t.strictSame(
    composed.map(({ target: name, at, body }) => [name, at, JSON.parse(body)]),
    [
      ['global', 'message.sent', { message: { text: 'mine', status: 'sent', of: '1-2' } }] as const,
      ['global', 'conversation.paused', {}] as const,
      ['1', 'conversation.paused', {}] as const,
    ].map(([name, type, more]) => [
      name,
      now,
      {
        type,
        timestamp: new Date(now).toISOString(),
        data: { conversation: { id: '1-2', seq: 1, channel: '1', now }, ...more },
      },
    ]),
  )
  t.equal(new Set(composed.map(({ id }) => id)).size, 3)
  for (const { id } of composed) t.match(id, /^msg_[\w-]+$/)
  t.equal(of(customerMessage({ text: 'hi' })).composed.length, 0, 'nobody wants that')
  t.equal(
    of({ is: 'mark', count: 1, ttlMs: null, text: null, onlyIfOn: false, idempotencyKey: null }).composed,
    NO_NOTIFICATIONS,
  )
})

t.test('a dead letter comes with its message and its id', async (t) => {
  const of = composing(target('https://a.example', 'dead_letter.created'))
  of(outgoing({ text: 'ours' }))
  of(send(0))
  const { composed, now } = of(sendResult({ is: 'dead', reason: 'refused', code: '100' }, { seq: 1 }))
  t.equal(composed.length, 1)
  t.match(JSON.parse(composed[0]!.body), {
    type: 'dead_letter.created',
    data: {
      message: { text: 'ours', status: 'failed' },
      dead_letter: { id: /^1-2-\w+-1$/, reason: 'refused', at: new Date(now).toISOString() },
    },
  })
})
