import t, { type Test } from 'tap'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { type Attachment, messageId } from '../../src/conversation/state/message.js'
import { RouterError } from '../../src/engine/ports.js'
import { customerMessage, echo, ID, MINUTE, outgoing, SECOND } from '../fixtures/conversation.js'
import { answer, createWorld, sent } from '../fixtures/engine.js'
import { slowly } from '../fixtures/slow-store.js'

function stepping(t: Test, given: Parameters<typeof createWorld>[1] = {}) {
  const world = createWorld(t, given)
  const process = world.process()
  return { world, process, step: () => process.takeStep(ID, world.channel) }
}

t.test('an unknown conversation has no step to take', async (t) => {
  const { world, process, step } = stepping(t)
  await step()
  t.equal(await world.store.read(ID), null)
  t.strictSame(process.lines, [])
})

t.test('a conversation that is not due is left alone', async (t) => {
  const { world, process, step } = stepping(t)
  await process.take(customerMessage({ mid: 'm' }))
  const before = await world.state()
  await world.pass(1950)
  await step()
  t.strictSame(await world.state(), before)
  t.strictSame(world.asked, [])
  t.strictSame(process.meter.lags, [])
})

t.test('how much later than due a conversation is taken up is counted', async (t) => {
  const { world, process, step } = stepping(t)
  await process.take(customerMessage({ mid: 'm' }))
  await world.pass(2150)
  await step()
  t.strictSame(process.meter.lags, [150])
})

t.test('a question whose time has come is asked, once', async (t) => {
  const { world, process, step } = stepping(t)
  await process.take(customerMessage({ mid: 'm' }))
  await world.pass(2 * SECOND)
  await step()
  await step()
  t.equal(world.asked.length, 1)
  t.match((await world.state()).asking.run, { startedAt: world.store.now() })
})

t.test('many processes that wake a conversation at once ask once', async (t) => {
  for (const wrap of [
    (store: Parameters<typeof slowly>[0]) => store,
    (store: Parameters<typeof slowly>[0]) => slowly(store, 9),
  ]) {
    await t.test('over a store', async (t) => {
      const world = createWorld(t, { wrap })
      const processes = [world.process(), world.process(), world.process()]
      await processes[0]!.receive(ID, world.channel, customerMessage({ mid: 'm' }), 'm')
      await world.pass(2 * SECOND)
      await Promise.all(processes.map(({ takeStep }) => takeStep(ID, world.channel)))
      await world.pass(5 * SECOND)
      t.equal(world.asked.length, 1)
      await world.asked[0]!.end(answer('It costs 5'))
      for (const { start } of processes) start()
      await world.pass(SECOND)
      t.equal(world.requests.length, 1)
    })
  }
})

t.test('each run has an id of its own', async (t) => {
  const { world, process, step } = stepping(t)
  const ids = new Set<string>()
  for (let i = 0; i < 5; i++) {
    await process.take(customerMessage({ mid: `m${i}`, text: `${i}` }))
    await world.pass(5 * SECOND)
    await step()
    ids.add((await world.state()).asking.run!.id)
    await world.asked[i]!.end({ is: 'failed', code: 'x', isWorthRetry: false })
  }
  t.equal(ids.size, 5)
})

t.test('a queued part is sent', async (t) => {
  const { world, process, step } = stepping(t)
  await process.take(outgoing())
  await step()
  t.match(world.requests, [{ outgoing: { text: 'hello' } }])
})

t.test('a draining process begins no question, but sends, and handles the answer under way', async (t) => {
  const { world, process } = stepping(t)
  process.start()
  await process.take(customerMessage({ mid: 'a' }))
  await world.pass(2 * SECOND)
  t.equal(process.ask.isDraining, false)
  process.ask.drain()
  t.equal(process.ask.isDraining, true)
  const other = conversationIdOf('1', '3')
  await process.take(customerMessage({ mid: 'b' }), other)
  await process.take(outgoing(), conversationIdOf('1', '4'))
  await world.pass(5 * SECOND)
  t.equal(world.asked.length, 1)
  t.match(world.requests, [{ outgoing: { userId: '4' } }])
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(SECOND)
  t.match(world.requests[1], { outgoing: { userId: '2', text: 'It costs 5' } })
  t.equal((await world.state(other)).waiting.length, 1, 'the question is kept')
  world.process().start()
  await world.pass(10 * SECOND)
  t.match(world.asked[1], { question: { id: other } })
})

t.test('a pause that is over is said to be', async (t) => {
  const { world, process, step } = stepping(t, { policy: { pauseMs: MINUTE } })
  await process.take(echo({ mid: 'e' }))
  await step()
  t.strictSame(process.lines, [])
  await world.pass(MINUTE)
  await step()
  t.match(process.lines, [{ message: 'pause is over, the bot may answer', facts: { conversation_id: ID } }])
  t.strictSame((await world.state()).causes, [])
})

const SHARE: Attachment = { kind: 'share', url: 'https://shop.example/p/1', title: null }

t.test('a shared post that no question came for is let go, which the log says once', async (t) => {
  const { world, process, step } = stepping(t, { policy: { shareWaitMs: MINUTE } })
  await process.take(customerMessage({ mid: 'a', text: 'hi' }))
  await world.pass(2 * SECOND)
  await step()
  await world.asked[0]!.end(answer(''))
  await process.take(customerMessage({ mid: 'm', kind: 'share', text: null, attachments: [SHARE] }))
  await world.pass(MINUTE - 50)
  await step()
  t.strictSame(process.said(/Timeout/), [])
  await world.pass(50)
  await step()
  await step()
  const { seq } = (await world.history()).find(({ mid }) => mid === 'm')!
  const name = messageId(ID, (await world.state()).createdAt, seq)
  t.match(process.said(/Timeout/), [
    { level: 'info', message: `⏰ Timeout for share ${name} - no question received`, facts: { conversation_id: ID } },
  ])
  t.equal(process.said(/Timeout/).length, 1)
  t.equal(world.asked.length, 1)
  t.match((await world.history()).at(-1), { mid: 'm', status: 'skipped', reason: 'share_expired' })
})

t.test('when two processes let a share go at once, one of them logs it', async (t) => {
  const world = createWorld(t, { policy: { shareWaitMs: MINUTE }, wrap: (store) => slowly(store, 4) })
  const processes = [world.process(), world.process()]
  const share = customerMessage({ mid: 'm', kind: 'share', text: null, attachments: [SHARE] })
  await processes[0]!.receive(ID, world.channel, share, 'm')
  await world.pass(MINUTE)
  await Promise.all(processes.map(({ takeStep }) => takeStep(ID, world.channel)))
  t.equal(processes.flatMap(({ said }) => said(/Timeout/)).length, 1)
  t.match(await world.history(), [{ status: 'skipped', reason: 'share_expired' }])
})

t.test('a run of this very process whose lease is over gets a new one, and is not looked up', async (t) => {
  const { world, process, step } = stepping(t)
  await process.take(customerMessage({ mid: 'm' }))
  await world.pass(2 * SECOND)
  await step()
  world.isAway = true
  await world.pass(10 * SECOND)
  world.isAway = false
  t.ok((await world.state()).asking.run!.leaseUntil < world.store.now())
  const before = (await world.state()).asking.run!
  await step()
  t.match((await world.state()).asking.run, { id: before.id, leaseUntil: world.store.now() + 8 * SECOND })
  t.strictSame(world.lookUps, [])
})

t.test('a run of another one whose lease is over is taken up under a new id', async (t) => {
  const { world, process, step } = stepping(t)
  await process.take(customerMessage({ mid: 'm' }))
  await world.pass(2 * SECOND)
  await step()
  const { id } = (await world.state()).asking.run!
  process.die()
  await world.pass(8 * SECOND)
  const heir = world.process()
  await heir.takeStep(ID, world.channel)
  t.not((await world.state()).asking.run!.id, id)
  t.equal(world.lookUps.length, 1)
  await heir.takeStep(ID, world.channel)
  t.equal(world.lookUps.length, 1)
})

t.test('a message whose process died is waited for, and then a dead letter', async (t) => {
  const { world, process, step } = stepping(t)
  await process.take(outgoing())
  await step()
  process.die()
  const heir = world.process()
  heir.start()
  await world.pass(12 * SECOND)
  t.strictSame(await world.ours(), ['hello: unknown'])
  await world.pass(30 * SECOND)
  t.match((await world.state()).outbox, { parts: [], dead: [{ reason: 'unknown_outcome' }] })
  t.equal(world.requests.length, 1)
  await world.requests[0]!.end(sent('mid'))
})

t.test('a message whose outcome nobody knows is sent once more where the channel wants that', async (t) => {
  const { world, process } = stepping(t, { policy: { unknownSend: 'retry' } })
  process.start()
  await process.take(outgoing())
  await world.pass(50)
  await world.requests[0]!.end({ is: 'unknown', code: 'ECONNRESET' })
  await world.pass(31 * SECOND)
  t.equal(world.requests.length, 2)
  await world.requests[1]!.end({ is: 'unknown', code: 'ECONNRESET' })
  await world.pass(MINUTE)
  t.equal(world.requests.length, 2)
  t.match((await world.state()).outbox, { parts: [], dead: [{ reason: 'unknown_outcome' }] })
})

for (const replies of ['router', 'dify'] as const) {
  t.test(`a question whose commit’s answer was lost is asked at once, where ${replies} sends the answer`, async (t) => {
    let isLost = false
    const { assistant } = createWorld(t).channel
    const world = createWorld(t, {
      policy: { assistantSends: replies === 'dify' },
      channel: { assistant: { ...assistant!, replies } },
      wrap: (store) => ({
        ...store,
        commit(id, version, change) {
          const outcome = store.commit(id, version, change)
          if (isLost || change.state?.asking.run == null) return outcome
          isLost = true
          throw new RouterError('store_unavailable', 'away')
        },
      }),
    })
    const [process, other] = [world.process(), world.process()]
    process.start()
    other.start()
    await process.take(customerMessage({ mid: 'm', text: 'how much?' }))
    await world.pass(3 * SECOND)
    t.strictSame(
      world.asked.map(({ question }) => question.query),
      ['how much?'],
    )
    t.equal((await world.state()).asking.attempts, 1)
    await world.pass(30 * SECOND)
    t.equal(world.asked.length, 1, 'and by nobody else')
    t.strictSame(world.lookUps, [])
    await world.asked[0]!.end(answer('It costs 5'))
    t.match(await world.history(), [{ text: 'how much?', status: 'processed' }])
  })
}

t.test('a question of which nobody can say whether it is to be asked is left to others', async (t) => {
  let isReadOnly = false
  const { world, process, step } = stepping(t, {
    wrap: (store) => ({
      ...store,
      load(...args) {
        if (isReadOnly) throw new RouterError('store_unavailable', 'away')
        return store.load(...args)
      },
    }),
  })
  await process.take(customerMessage({ mid: 'm' }))
  await world.pass(2 * SECOND)
  isReadOnly = true
  await t.rejects(step(), { code: 'store_unavailable' })
  await world.pass(MINUTE)
  t.equal(process.said('could not find out whether a question is still to be asked').length, 1)
  isReadOnly = false
  process.start()
  await world.pass(SECOND)
  t.equal(world.asked.length, 1)
})
