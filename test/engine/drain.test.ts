import t, { type Test } from 'tap'
import type { Policy } from '../../src/conversation/channel.js'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { type Heirs, SEND_WINDOW_MS } from '../../src/engine/ports.js'
import { customerMessage, echo, ID, MINUTE, outgoing, SECOND } from '../fixtures/conversation.js'
import { answer, createWorld, type Process, sent, type World } from '../fixtures/engine.js'
import { settled } from '../fixtures/manual-timers.js'

const OTHER = conversationIdOf('1', '3')
const THIRD = conversationIdOf('1', '4')
const LONG = `${'one '.repeat(240)}\n\n${'two '.repeat(240)}\n\n${'three '.repeat(100)}`

const HEIRS = ['others', 'next_start', 'nobody'] as const

function processes(t: Test, { heirs, policy = {} }: { heirs: Heirs; policy?: Partial<Policy> }) {
  const world = createWorld(t, { policy: { sendRate: 100, ...policy } })
  const process = world.process({ heirs })
  process.start()
  return { world, process }
}

/** Has it stop; tells whether it has. */
function stopping({ drain }: Process): { isDone: boolean } {
  const told = { isDone: false }
  drain().then(() => {
    told.isDone = true
  })
  return told
}

/** Meta takes whatever comes for so long. */
async function accept({ requests, pass }: World, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    for (const [i, request] of requests.entries()) await request.end(sent(`mid-${i}`))
    await pass(50)
  }
}

const users = ({ requests }: World) => requests.map(({ outgoing }) => outgoing.userId)

for (const heirs of HEIRS) {
  const where = `what is left is for ${heirs}`

  t.test(`${where}, an idle process drains at once`, async (t) => {
    const { world, process } = processes(t, { heirs })
    const stop = stopping(process)
    await world.pass(100)
    t.equal(stop.isDone, true)
    t.equal(process.ask.isDraining, true)
  })

  t.test(`${where}, a draining process begins no question, and sends the answer to the one under way`, async (t) => {
    const { world, process } = processes(t, { heirs })
    await process.take(customerMessage({ mid: 'a' }))
    await world.pass(2 * SECOND)
    const stop = stopping(process)
    await process.take(customerMessage({ mid: 'b' }), OTHER)
    await world.pass(10 * SECOND)
    t.equal(world.asked.length, 1)
    t.equal(stop.isDone, false)
    await world.asked[0]!.end(answer(LONG))
    await accept(world, SECOND)
    t.same(users(world), ['2', '2', '2'])
    t.equal(stop.isDone, true)
    t.same(
      (await world.ours()).map((each) => each.split(': ').at(-1)),
      ['sent', 'sent', 'sent'],
    )
    t.equal((await world.state(OTHER)).waiting.length, 1, 'the question is kept')
  })

  t.test(`${where}, draining waits for a message on the wire, and not for its echo`, async (t) => {
    const { world, process } = processes(t, { heirs })
    await process.take(outgoing())
    await world.pass(50)
    const stop = stopping(process)
    await world.pass(5 * SECOND)
    t.equal(stop.isDone, false)
    await world.requests[0]!.end({ is: 'unknown', code: 'ECONNRESET' })
    await world.pass(100)
    t.equal(stop.isDone, true)
    t.same(await world.ours(), ['hello: unknown'])
  })

  t.test(`${where}, a drained process does nothing any more`, async (t) => {
    const { world, process } = processes(t, { heirs, policy: { pauseMs: MINUTE } })
    const stop = stopping(process)
    await world.pass(100)
    t.equal(stop.isDone, true)
    await process.receive(ID, world.channel, echo({ mid: 'e' }), 'e')
    await world.pass(2 * MINUTE)
    t.equal((await world.state()).causes.length, 1)
  })
}

t.test('a draining process among others claims nothing more', async (t) => {
  const { world, process } = processes(t, { heirs: 'others' })
  await process.take(customerMessage({ mid: 'a' }))
  await world.pass(2 * SECOND)
  stopping(process)
  const other = world.process()
  await other.take(outgoing(), OTHER)
  await world.pass(10 * SECOND)
  t.same(world.requests, [])
  other.start()
  await world.pass(50)
  t.same(users(world), ['3'])
})

t.test('a part queued while the process stops is sent by it', async (t) => {
  const { world, process } = processes(t, { heirs: 'others' })
  await process.take(customerMessage({ mid: 'a' }))
  await world.pass(2 * SECOND)
  stopping(process)
  await process.take(outgoing(), OTHER)
  t.same(users(world), ['3'])
})

t.test('a part that must wait is left to the other processes, which send it at its time', async (t) => {
  const { world, process } = processes(t, { heirs: 'others', policy: { sendRate: 1 } })
  await process.take(customerMessage({ mid: 'a' }))
  await world.pass(2 * SECOND)
  const stop = stopping(process)
  await world.asked[0]!.end(answer(LONG))
  await accept(world, 3 * SECOND)
  t.equal(stop.isDone, true)
  t.equal(world.requests.length, 1)
  world.process().start()
  await accept(world, 5 * SECOND)
  t.equal(world.requests.length, 3)
  t.ok((await world.ours()).every((each) => each.endsWith(': sent')))
})

t.test('two processes of which one drains send each part once', async (t) => {
  const { world, process } = processes(t, { heirs: 'others' })
  const other = world.process()
  other.start()
  await process.take(customerMessage({ mid: 'a' }))
  await process.take(customerMessage({ mid: 'b' }), OTHER)
  await world.pass(2 * SECOND)
  const stop = stopping(process)
  for (const { end } of world.asked) await end(answer(LONG))
  await accept(world, 2 * SECOND)
  t.equal(stop.isDone, true)
  t.same(users(world).toSorted(), ['2', '2', '2', '3', '3', '3'])
})

t.test('a person who steps in while it stops keeps back the rest', async (t) => {
  for (const heirs of HEIRS) {
    const { world, process } = processes(t, { heirs })
    await process.take(outgoing({ text: LONG }))
    await world.pass(50)
    const stop = stopping(process)
    await process.take(echo({ mid: 'e', text: 'I am here' }))
    await accept(world, SECOND)
    t.equal(stop.isDone, true)
    t.equal(world.requests.length, 1)
  }
})

t.test('a channel that is gone meanwhile holds nothing up', async (t) => {
  for (const heirs of HEIRS) {
    const { world, process } = processes(t, { heirs })
    await process.take(outgoing({ text: LONG }))
    await world.pass(50)
    const stop = stopping(process)
    world.channels.clear()
    await accept(world, SECOND)
    t.equal(world.requests.length, 1)
    t.equal(stop.isDone, true)
    t.same(process.said(/could not/), [])
  }
})

t.test('a conversation that was erased holds nothing up', async (t) => {
  for (const heirs of HEIRS) {
    const { world, process } = processes(t, { heirs })
    await process.take(outgoing())
    await world.pass(50)
    await world.requests[0]!.end({ is: 'later', code: '613', afterMs: MINUTE })
    await process.erase(ID, world.channel)
    const stop = stopping(process)
    await world.pass(SECOND)
    t.equal(stop.isDone, true)
    t.equal(world.requests.length, 1)
  }
})

t.test('a part that the store keeps a draining process from sending is left to others and logged', async (t) => {
  let isBroken = false
  const world = createWorld(t, {
    policy: { sendRate: 100 },
    wrap: (store) => ({
      ...store,
      read(id) {
        if (isBroken) throw new Error('away')
        return store.read(id)
      },
    }),
  })
  const process = world.process()
  process.start()
  await process.take(outgoing({ text: LONG }))
  await world.pass(50)
  const stop = stopping(process)
  isBroken = true
  await accept(world, SECOND)
  t.equal(stop.isDone, true)
  t.match(process.said('could not finish a conversation, it is left to others'), [
    { level: 'warn', facts: { conversation_id: ID, err: { message: 'away' } } },
  ])
  isBroken = false
  world.process().start()
  await accept(world, 10 * SECOND)
  t.equal(world.requests.length, 3)
})

t.test('a process alone sends all queued parts before it is drained, at the channel’s rate', async (t) => {
  const { world, process } = processes(t, { heirs: 'nobody', policy: { sendRate: 2 } })
  await process.take(outgoing({ text: LONG }))
  await process.take(outgoing({ text: LONG }), OTHER)
  await process.take(outgoing(), THIRD)
  const stop = stopping(process)
  while (!stop.isDone && world.now() < MINUTE) await accept(world, 50)
  t.equal(stop.isDone, true)
  t.same(users(world).toSorted(), ['2', '2', '2', '3', '3', '3', '4'])
  for (const id of [ID, OTHER, THIRD])
    t.ok(
      (await world.ours(id)).every((each) => each.endsWith(': sent')),
      id,
    )
  const times = world.requests.map(({ at }) => at)
  for (const [i, at] of times.slice(2).entries()) t.ok(at - times[i]! >= SEND_WINDOW_MS - 50, `${at - times[i]!} ms`)
})

t.test('a process alone waits for a retry while draining, and not for a part that was given up', async (t) => {
  const { world, process } = processes(t, { heirs: 'nobody' })
  await process.take(outgoing())
  await process.take(outgoing({ text: LONG }), OTHER)
  await world.pass(50)
  const stop = stopping(process)
  await world.requests[0]!.end({ is: 'later', code: '613', afterMs: 5 * SECOND })
  await world.requests[1]!.end({ is: 'dead', reason: 'refused', code: '551' })
  await world.pass(4 * SECOND)
  t.equal(stop.isDone, false)
  await accept(world, 3 * SECOND)
  t.equal(stop.isDone, true)
  t.same(await world.ours(), ['hello: sent'])
  t.match((await world.state(OTHER)).outbox.dead, [{ reason: 'refused' }])
})

t.test('with a next start that goes on, it waits for a retry that is due soon, and for no later one', async (t) => {
  for (const [afterMs, isSoon] of [
    [2 * SECOND, true],
    [MINUTE, false],
  ] as const) {
    const { world, process } = processes(t, { heirs: 'next_start' })
    await process.take(outgoing())
    await world.pass(50)
    const stop = stopping(process)
    await world.requests[0]!.end({ is: 'later', code: '613', afterMs })
    await world.pass(SECOND)
    t.equal(stop.isDone, !isSoon)
    if (!isSoon) world.process().start()
    await accept(world, 2 * MINUTE)
    t.equal(stop.isDone, true)
    t.same(await world.ours(), ['hello: sent'])
  }
})

t.test('during an outage of the store a result is kept, and the process waits with it', async (t) => {
  const { world, process } = processes(t, { heirs: 'others' })
  await process.take(outgoing())
  await world.pass(50)
  const stop = stopping(process)
  world.isAway = true
  await world.requests[0]!.end(sent('mid'))
  await world.pass(5 * SECOND)
  t.equal(stop.isDone, false)
  world.isAway = false
  await world.pass(SECOND)
  await settled()
  t.equal(stop.isDone, true)
  t.same(await world.ours(), ['hello: sent'])
})
