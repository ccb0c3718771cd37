import t, { type Test } from 'tap'
import { attachmentAnswer } from '../../src/conversation/answer/answer.js'
import type { Policy } from '../../src/conversation/channel.js'
import { FOREVER } from '../../src/conversation/channel.js'
import { conversationIdOf } from '../../src/conversation/ids.js'
import type { Attachment } from '../../src/conversation/state/message.js'
import { RouterError, SEND_WINDOW_MS } from '../../src/engine/ports.js'
import type { Outgoing, SendOutcome } from '../../src/engine/providers.js'
import { customerMessage, echo, ID, MINUTE, outgoing, SECOND } from '../fixtures/conversation.js'
import { createWorld, sent } from '../fixtures/engine.js'
import { settled } from '../fixtures/manual-timers.js'
import { slowly } from '../fixtures/slow-store.js'

const LONG = `${'one '.repeat(240)}\n\n${'two '.repeat(240)}\n\n${'three '.repeat(100)}`
const OTHERS = ['3', '4', '5', '6'].map((user) => conversationIdOf('1', user))
const DEAD_TOKEN: SendOutcome = { is: 'dead', reason: 'channel_unusable', code: '190' }

function sending(t: Test, policy: Partial<Policy> = {}) {
  const world = createWorld(t, { policy: { sendRate: 100, ...policy } })
  const process = world.process()
  process.start()
  return { ...world, world, process }
}

const start = (text: string): string => text.slice(0, 5)
const file = (kind: Attachment['kind']): Attachment => ({ kind, url: 'https://cdn.example/1', title: null })

t.test('a message leaves at once, and what became of it is recorded', async (t) => {
  const { process, requests, pass, ours, history, store } = sending(t)
  await process.take(outgoing({ text: 'hello' }))
  await pass(50)
  t.match(requests, [{ channel: { id: '1' }, outgoing: { userId: '2', text: 'hello' } }])
  t.strictSame(await ours(), ['hello: sending'])
  t.equal(process.underWay.size, 1)
  await requests[0]!.end(sent('mid-1'))
  t.strictSame(await ours(), ['hello: sent'])
  t.match(await history(), [{ mid: 'mid-1' }])
  t.equal(process.underWay.size, 0)
  t.match(await store.channelFacts('1'), { lastSentAt: store.now(), trouble: null })
  t.strictSame(process.meter.told, ['send sent'])
  t.match(process.said(/^message sent/), [
    { level: 'info', facts: { conversation_id: ID, seq: 1, attempt: 1, outcome: 'sent', ms: 0, mid: 'mid-1' } },
  ])
  t.notMatch(JSON.stringify(process.lines), 'hello')
})

t.test('a part is sent in its platform’s form', async (t) => {
  const cases: readonly (readonly [
    Partial<Policy>,
    Parameters<typeof outgoing>[0],
    { readonly [K in keyof Outgoing]?: unknown },
  ])[] = [
    [{}, { text: 'a' }, { userId: '2', text: 'a', attachment: null, tag: null, metadata: null }],
    [{ platform: 'facebook' }, { text: 'a', type: 'support' }, { metadata: /^message-router:support:[0-9a-z]+-1$/ }],
    [{ platform: 'facebook' }, { text: 'a', type: 'marketing', tag: 'TAG' }, { tag: 'TAG' }],
    ...(
      [
        ['image', 'image'],
        ['voice', 'audio'],
        ['video', 'video'],
        ['file', 'file'],
      ] as const
    ).map(
      ([kind, type]) =>
        [
          {},
          { answer: attachmentAnswer(file(kind)) },
          { text: null, attachment: { type, url: 'https://cdn.example/1' } },
        ] as const,
    ),
  ]
  for (const [policy, message, expected] of cases) {
    await t.test(JSON.stringify(expected), async (t) => {
      const world = createWorld(t, { policy, channel: { platform: policy.platform ?? 'instagram' } })
      const process = world.process()
      process.start()
      await process.take(outgoing(message))
      await world.pass(50)
      t.match(world.requests, [{ outgoing: expected }])
    })
  }
})

t.test('the parts of a long text leave one after another, each when the one before it has arrived', async (t) => {
  const { process, requests, pass, ours } = sending(t)
  await process.take(outgoing({ text: LONG }))
  await pass(SECOND)
  t.equal(requests.length, 1)
  for (const i of [0, 1, 2]) {
    await requests[i]!.end(sent(`mid-${i}`))
    await pass(50)
  }
  t.strictSame(
    requests.map((each) => start(each.outgoing.text!)),
    ['one o', 'two t', 'three'],
  )
  t.equal(
    (await ours()).every((each) => each.endsWith(': sent')),
    true,
  )
})

t.test('a message waits for its place in the rate, and takes no second one', async (t) => {
  const { process, requests, pass, slots } = sending(t, { sendRate: 1 })
  for (const id of OTHERS) await process.take(outgoing({ text: id }), id)
  for (let i = 0; i < 100; i++) {
    await pass(50)
    for (const request of requests) await request.end(sent())
  }
  t.equal(requests.length, 4)
  t.equal(slots.length, 4)
  for (const [i, { at }] of requests.entries()) {
    const place = requests[0]!.at + i * SEND_WINDOW_MS
    t.ok(at >= place && at <= place + 50, `${at}, its place at ${place}`)
  }
})

t.test('a place that nobody used in its second is gone, and another one is taken', async (t) => {
  for (const [lateMs, places] of [
    [900, 1],
    [1100, 2],
  ] as const) {
    await t.test(`${lateMs} ms`, async (t) => {
      const world = createWorld(t, { policy: { sendRate: 1 } })
      const process = world.process()
      const slotAt = world.store.now() + SEND_WINDOW_MS
      await world.store.takeSlot('1', 1, 0)
      world.slots.length = 0
      await process.take(outgoing())
      await process.takeStep(ID, world.channel)
      t.match((await world.state()).outbox.parts, [{ stage: { is: 'queued', notBefore: slotAt, slotAt } }])
      await world.pass(SEND_WINDOW_MS + lateMs)
      await process.takeStep(ID, world.channel)
      t.equal(world.slots.length, places)
      t.equal(world.requests.length, 1)
    })
  }
})

t.test('two processes that wake one conversation at once make one request', async (t) => {
  for (const [where, wrap] of [
    ['here', undefined],
    ['elsewhere', (store: Parameters<typeof slowly>[0]) => slowly(store, 5)],
  ] as const) {
    for (const sendRate of [1, 3]) {
      await t.test(`with the store ${where}, ${sendRate} a second`, async (t) => {
        const world = createWorld(t, { policy: { sendRate }, ...(wrap === undefined ? {} : { wrap }) })
        const processes = [world.process(), world.process(), world.process()]
        await processes[0]!.receive(ID, world.channel, outgoing(), null)
        await Promise.all(processes.map(({ takeStep }) => takeStep(ID, world.channel)))
        for (const { start } of processes) start()
        await world.pass(5 * SECOND)
        t.equal(world.requests.length, 1)
        await world.requests[0]!.end(sent('mid'))
        await world.pass(30 * SECOND)
        t.equal(world.requests.length, 1)
        t.strictSame(await world.ours(), ['hello: sent'])
      })
    }
  }
})

t.test('a person who steps in keeps back what has not left, and what has left is said', async (t) => {
  const { process, requests, pass, ours } = sending(t)
  await process.take(outgoing({ text: LONG }))
  await pass(50)
  const { onTheWire } = await process.take(echo({ mid: 'e', text: 'I am here' }))
  t.equal(onTheWire, 1)
  await requests[0]!.end(sent('mid'))
  await pass(MINUTE)
  t.equal(requests.length, 1)
  t.strictSame(
    (await ours()).map((each) => each.split(': ').at(-1)),
    ['sent', 'cancelled', 'cancelled', 'sent'],
  )
})

t.test('an echo that comes before its result is known by its text, and the result is no news', async (t) => {
  const { process, requests, pass, history, state } = sending(t)
  await process.take(outgoing({ text: 'hello' }))
  await pass(50)
  const { verdict } = await process.take(echo({ mid: 'mid-1', text: 'hello' }))
  t.match(verdict, { outcome: 'duplicate', reason: 'own_message', author: 'bot', evidence: 'text' })
  await requests[0]!.end(sent('mid-1'))
  await pass(MINUTE)
  t.match(await history(), [{ text: 'hello', status: 'sent', mid: 'mid-1', evidence: 'text' }])
  t.equal((await history()).length, 1)
  t.match(await state(), { causes: [], outbox: { parts: [], dead: [] } })
  t.equal(requests.length, 1)
})

t.test('an echo that nobody knew is claimed by the result: its pause is undone, and the rest goes out', async (t) => {
  const { process, requests, pass, history, state } = sending(t)
  await process.take(outgoing({ text: LONG }))
  await pass(50)
  const { verdict } = await process.take(echo({ mid: 'mid-1', text: 'what Meta made of it' }))
  t.match(verdict, { outcome: 'accepted', author: 'human' })
  t.equal((await state()).causes.length, 1)
  await pass(5 * SECOND)
  t.equal(requests.length, 1, 'nothing leaves meanwhile')
  await requests[0]!.end(sent('mid-1'))
  t.strictSame((await state()).causes, [])
  await pass(50)
  await requests[1]!.end(sent('mid-2'))
  await pass(50)
  await requests[2]!.end(sent('mid-3'))
  t.strictSame(
    requests.map((each) => start(each.outgoing.text!)),
    ['one o', 'two t', 'three'],
  )
  t.match(await history(), [
    { mid: 'mid-1', status: 'sent', evidence: 'message_id' },
    { mid: 'mid-2', status: 'sent' },
    { mid: 'mid-3', status: 'sent' },
    { type: 'AI', status: 'cancelled', reason: 'own_message', text: null },
  ])
})

t.test('a part is not sent when a person wrote during the wait for its slot', async (t) => {
  const { process, requests, pass, state } = sending(t)
  await process.take(outgoing({ text: LONG }))
  await pass(50)
  await process.take(echo({ mid: 'mid-1', text: 'what Meta made of it' }))
  await process.take(echo({ mid: 'e', text: 'I am here' }))
  await requests[0]!.end(sent('mid-1'))
  await pass(MINUTE)
  t.equal(requests.length, 1)
  t.equal((await state()).causes.length, 1)
})

t.test('during an outage of the store a send’s result is kept, and recorded afterwards', async (t) => {
  const { world, process, requests, pass, ours } = sending(t)
  await process.take(outgoing())
  await pass(50)
  world.isAway = true
  await requests[0]!.end(sent('mid'))
  await pass(20 * SECOND)
  t.equal(process.underWay.size, 1, 'whoever stops the process waits for it')
  t.strictSame(process.said(/^message/), [])
  world.isAway = false
  await pass(SECOND)
  t.strictSame(await ours(), ['hello: sent'])
  t.equal(process.underWay.size, 0)
  t.equal(process.said(/^message sent/).length, 1)
  await pass(MINUTE)
  t.equal(requests.length, 1)
})

t.test('a store that stays away has the message count as one whose process died', async (t) => {
  const { world, process, requests, pass, ours } = sending(t)
  await process.take(outgoing())
  await pass(50)
  world.isAway = true
  await requests[0]!.end(sent('mid'))
  await pass(MINUTE)
  t.match(process.said('could not record what became of a message'), [
    { level: 'error', facts: { seq: 1, mid: 'mid', err: { code: 'store_unavailable' } } },
  ])
  world.isAway = false
  await pass(SECOND)
  t.strictSame(await ours(), ['hello: unknown'])
  await process.take(echo({ mid: 'mid', text: 'hello' }))
  t.strictSame(await ours(), ['hello: sent'])
  t.equal(requests.length, 1)
})

t.test('without a rate slot no part is sent, and it is tried again', async (t) => {
  const world = createWorld(t)
  const process = world.process()
  await process.take(outgoing())
  world.isAway = true
  await t.rejects(process.send(ID, world.channel, 0), { code: 'store_unavailable' })
  world.isAway = false
  process.start()
  await world.pass(50)
  t.equal(world.requests.length, 1)
})

t.test('a dead token is tried once a minute, and what it kept back is a dead letter at once', async (t) => {
  const { process, requests, pass, ours, state, store } = sending(t)
  const all = [ID, ...OTHERS]
  await process.take(outgoing())
  await pass(50)
  await requests[0]!.end(DEAD_TOKEN)
  for (const id of OTHERS) await process.take(outgoing(), id)
  await pass(50)
  t.equal(requests.length, 1)
  for (const id of all) {
    t.strictSame(await ours(id), ['hello: failed'])
    t.match((await state(id)).outbox.dead, [{ reason: 'channel_unusable', code: '190' }])
  }
  t.match(await store.channelFacts('1'), { lastSentAt: 0, trouble: { at: store.now() - 50, code: '190' } })
  const complaints = () => process.said(/give it a new token/)
  t.match(complaints(), [{ level: 'error', facts: { channel: '1', code: '190' } }])
  t.equal(complaints().length, 1)

  await pass(MINUTE)
  await process.take(outgoing({ text: 'again' }))
  await pass(50)
  t.equal(requests.length, 2)
  await requests[1]!.end(DEAD_TOKEN)
  t.equal(complaints().length, 2)

  await pass(MINUTE)
  await process.take(outgoing({ text: 'and again' }))
  await pass(50)
  await requests[2]!.end(sent())
  t.match(await store.channelFacts('1'), { lastSentAt: store.now(), trouble: null })
  t.equal(process.said('messages of the channel get through again').length, 1)
  await process.take(outgoing({ text: 'fine' }))
  await pass(50)
  t.equal(requests.length, 4)
  await requests[3]!.end(sent())
  t.equal(process.said('messages of the channel get through again').length, 1)
})

t.test('a refusal that names one customer’s want of permission blocks nobody else, two in a row do', async (t) => {
  const { process, requests, pass, ours, store } = sending(t)
  const [first, second, third] = OTHERS
  const refused: SendOutcome = { is: 'dead', reason: 'channel_unusable', code: '200' }
  await process.take(outgoing(), first!)
  await pass(50)
  await requests[0]!.end(refused)
  t.strictSame(await ours(first!), ['hello: failed'])
  t.match(await store.channelFacts('1'), { trouble: null })
  await process.take(outgoing(), second!)
  await pass(50)
  t.equal(requests.length, 2)
  await requests[1]!.end(refused)
  t.match(await store.channelFacts('1'), { trouble: { code: '200' } })
  await process.take(outgoing(), third!)
  await pass(50)
  t.equal(requests.length, 2)
  t.match(await ours(third!), ['hello: failed'])
})

t.test('a redriven message is sent whatever is known of the channel, and its success ends the trouble', async (t) => {
  const { world, process, requests, pass, ours, state, store } = sending(t)
  await process.take(outgoing())
  await pass(50)
  await requests[0]!.end(DEAD_TOKEN)
  t.equal(process.health.refusal(world.channel)?.is, 'dead')
  const [letter] = (await state()).outbox.dead
  await process.take({ is: 'redrive', seq: letter!.seq })
  await pass(50)
  t.equal(requests.length, 2, 'it is tried')
  await requests[1]!.end(DEAD_TOKEN)
  t.match((await state()).outbox.dead, [{ reason: 'channel_unusable', code: '190' }])
  await process.take({ is: 'redrive', seq: (await state()).outbox.dead[0]!.seq })
  await pass(50)
  await requests[2]!.end(sent('mid'))
  t.strictSame(await ours(), ['hello: sent'])
  t.match(await store.channelFacts('1'), { lastSentAt: store.now(), trouble: null })
  t.equal(process.said('messages of the channel get through again').length, 1)
  await process.take(outgoing(), OTHERS[0]!)
  await pass(50)
  t.equal(requests.length, 4)
})

t.test('a person’s message is sent whatever is known of the channel', async (t) => {
  const { process, requests, pass } = sending(t)
  await process.take(outgoing())
  await pass(50)
  await requests[0]!.end(DEAD_TOKEN)
  await process.take(outgoing({ type: 'support' }), OTHERS[0]!)
  await process.take(outgoing({ type: 'marketing' }), OTHERS[1]!)
  await pass(50)
  t.equal(requests.length, 2)
  t.match(requests[1], { outgoing: { userId: '3' } })
})

t.test('concurrent sends that meet a dead token log one complaint', async (t) => {
  const { process, requests, pass } = sending(t)
  for (const id of OTHERS) await process.take(outgoing(), id)
  await pass(50)
  t.equal(requests.length, 4)
  for (const request of requests) await request.end(DEAD_TOKEN)
  t.equal(process.said(/give it a new token/).length, 1)
})

t.test('a refusal of one message is no trouble of the channel', async (t) => {
  for (const end of [
    { is: 'dead', reason: 'refused', code: '551' },
    { is: 'dead', reason: 'window_closed', code: '10/2534022' },
    { is: 'unknown', code: 'ECONNRESET' },
  ] as const) {
    await t.test(end.code, async (t) => {
      const { process, requests, pass, store } = sending(t)
      await process.take(outgoing())
      await pass(50)
      await requests[0]!.end(end)
      t.match(process.said('message not sent'), [{ level: 'warn', facts: { outcome: end.is, code: end.code } }])
      t.match(await store.channelFacts('1'), { lastSentAt: 0, trouble: null })
      await process.take(outgoing(), OTHERS[0]!)
      await pass(50)
      t.equal(requests.length, 2)
    })
  }
})

t.test('a channel that Meta wants to rest, rests, whatever asked it to', async (t) => {
  const cases: readonly (readonly [SendOutcome, number])[] = [
    [sent('m', 20 * SECOND), 20 * SECOND],
    [{ is: 'later', code: '4', afterMs: 10 * SECOND }, 10 * SECOND],
    [{ is: 'later', code: 'ECONNREFUSED', afterMs: 0 }, SECOND],
  ]
  for (const [end, restMs] of cases) {
    await t.test(JSON.stringify(end), async (t) => {
      const { process, requests, pass, now } = sending(t)
      await process.take(outgoing())
      await pass(50)
      await requests[0]!.end(end)
      const restedFrom = now()
      await process.take(outgoing(), OTHERS[0]!)
      await pass(restMs - 100)
      t.equal(requests.length, 1)
      await pass(150)
      t.ok(requests.length >= 2)
      t.ok(requests[1]!.at >= restedFrom + restMs)
    })
  }
})

t.test('the longer of two rests of a channel counts', async (t) => {
  const { process, requests, pass } = sending(t)
  await process.take(outgoing())
  await process.take(outgoing(), OTHERS[0]!)
  await pass(50)
  await requests[0]!.end(sent('m', 20 * SECOND))
  await requests[1]!.end(sent('n', 5 * SECOND))
  await process.take(outgoing(), OTHERS[1]!)
  await pass(19 * SECOND)
  t.equal(requests.length, 2)
  await pass(2 * SECOND)
  t.equal(requests.length, 3)
})

t.test('a place taken before the rest began is no exception', async (t) => {
  const { process, requests, pass } = sending(t, { sendRate: 1 })
  for (const id of OTHERS.slice(0, 2)) await process.take(outgoing(), id)
  await pass(50)
  t.equal(requests.length, 1)
  await requests[0]!.end(sent('m', 20 * SECOND))
  await pass(19 * SECOND)
  t.equal(requests.length, 1)
  await pass(1100)
  t.equal(requests.length, 2)
})

t.test('a part that may not be sent any more is not sent to Meta', async (t) => {
  const world = createWorld(t)
  const process = world.process()
  await process.take(outgoing())
  await process.take({ is: 'bot', enabled: false, forMs: FOREVER, note: null })
  await process.send(ID, world.channel, 0)
  await settled()
  t.strictSame(world.requests, [])
  t.strictSame(await world.ours(), ['hello: cancelled'])
})

t.test('a failed try comes again after a while, and the last one is a dead letter', async (t) => {
  const { process, requests, pass, ours, state } = sending(t, { sendAttempts: 3 })
  await process.take(customerMessage({ mid: 'm' }))
  await process.take(outgoing())
  for (let i = 0; i < 3; i++) {
    await pass(10 * SECOND)
    t.equal(requests.length, i + 1)
    await requests[i]!.end({ is: 'later', code: '613', afterMs: 0 })
  }
  await pass(MINUTE)
  t.equal(requests.length, 3)
  t.strictSame(await ours(), ['hello: failed'])
  t.match((await state()).outbox.dead, [{ reason: 'attempts_exhausted', code: '613' }])
})

/** A process that stands still once, between the commit of its first request and the request. */
function standingStill(t: Test, ms: number) {
  let hasStood = false
  const world = createWorld(t, {
    wrap: (store) => ({
      ...store,
      commit(id, version, change) {
        const outcome = store.commit(id, version, change)
        if (!hasStood && change.state?.outbox.parts[0]?.message.status === 'sending') {
          hasStood = true
          world.standStill(ms)
        }
        return outcome
      },
    }),
  })
  const process = world.process()
  process.start()
  return { ...world, process }
}

t.test('a process that stood still after its commit does not send, but decides anew', async (t) => {
  const { process, requests, pass, history } = standingStill(t, 501)
  await process.take(outgoing({ text: 'hello' }))
  await pass(100)
  t.equal(requests.length, 1)
  t.strictSame(process.meter.told, ['send stale'])
  t.match(process.said(/stood still/), [
    { level: 'warn', facts: { conversation_id: ID, attempt: 1, outcome: 'stale' } },
  ])
  await requests[0]!.end(sent('mid'))
  t.match(await history(), [{ status: 'sent', mid: 'mid' }])
  t.equal(requests.length, 1)
})

t.test('a delay of half a second is no standstill', async (t) => {
  const { process, requests, pass } = standingStill(t, 500)
  await process.take(outgoing({ text: 'hello' }))
  await pass(50)
  t.equal(requests.length, 1)
  t.strictSame(process.said(/stood still/), [])
})

for (const forMs of [3 * SECOND, 8 * SECOND, 12 * SECOND, 20 * SECOND]) {
  t.test(
    `a person whom another process hears while this one stands still for ${forMs} ms has the last word`,
    async (t) => {
      let isThawed = (): void => {}
      const thawed = new Promise<void>((resolve) => {
        isThawed = resolve
      })
      let freezesAt = ''
      const world = createWorld(t, {
        policy: { sendRate: 100 },
        wrap: (store) => ({
          ...store,
          async commit(id, version, change) {
            const outcome = store.commit(id, version, change)
            if (change.state?.outbox.parts[0]?.message.status !== freezesAt) return outcome
            freezesAt = ''
            await thawed
            return outcome
          },
        }),
      })
      const [frozen, other] = [world.process(), world.process()]
      await other.take(outgoing({ text: LONG }))
      freezesAt = 'sending'
      const sendingIt = frozen.takeStep(ID, world.channel)
      await settled()
      other.start()
      await world.pass(forMs / 2)
      t.match((await other.take(echo({ mid: 'e', text: 'I am here' }))).verdict, { author: 'human' })
      await world.pass(forMs / 2)
      isThawed()
      await sendingIt
      await world.pass(5 * MINUTE)
      t.strictSame(world.requests, [])
      const became = (await world.ours()).map((each) => each.split(': ').at(-1))
      t.strictSame(became, ['cancelled', 'cancelled', 'cancelled', 'sent'])
    },
  )
}

t.test('a commit whose answer was lost is asked for again, and what it allowed is sent once', async (t) => {
  let isLost = false
  const world = createWorld(t, {
    wrap: (store) => ({
      ...store,
      commit(id, version, change) {
        const outcome = store.commit(id, version, change)
        if (isLost || change.state?.outbox.parts[0]?.message.status !== 'sending') return outcome
        isLost = true
        throw new RouterError('store_unavailable', 'away')
      },
    }),
  })
  const [process, other] = [world.process(), world.process()]
  process.start()
  other.start()
  await process.take(outgoing({ text: 'hello' }))
  await world.pass(SECOND)
  t.equal(world.requests.length, 1)
  await world.requests[0]!.end(sent('mid'))
  await world.pass(MINUTE)
  t.equal(world.requests.length, 1)
  t.strictSame(await world.ours(), ['hello: sent'])
})

t.test('a process that cannot find out whether a message is its own to send leaves it to others', async (t) => {
  let isReadOnly = false
  const world = createWorld(t, {
    wrap: (store) => ({
      ...store,
      commit(...args) {
        if (isReadOnly) throw new RouterError('store_unavailable', 'away')
        return store.commit(...args)
      },
    }),
  })
  const process = world.process()
  await process.take(outgoing())
  isReadOnly = true
  await t.rejects(process.send(ID, world.channel, 0), { code: 'store_unavailable' })
  await world.pass(MINUTE)
  t.equal(process.said('could not find out whether a message is still to be sent').length, 1)
  isReadOnly = false
  process.start()
  await world.pass(SECOND)
  t.equal(world.requests.length, 1, 'sent once, when the store is back')
})
