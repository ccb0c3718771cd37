import t, { type Test } from 'tap'
import type { Channel, Policy } from '../../src/conversation/channel.js'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { NOT_ASKING, newConversation } from '../../src/conversation/state/state.js'
import type { HistoryPage } from '../../src/engine/ports.js'
import { asking, DOWN, HUMAN, LOST, RUNNING, wonder } from '../fixtures/asking.js'
import { customerMessage, deletion, echo, ID, MINUTE, run, SECOND } from '../fixtures/conversation.js'
import { answer, createWorld, type Process, sent, type World } from '../fixtures/engine.js'
import { settled } from '../fixtures/manual-timers.js'

t.test('a question is asked when the burst is over, and its answer sent', async (t) => {
  const { world, process } = asking(t)
  await process.take(customerMessage({ mid: 'a', text: 'hi' }))
  await world.pass(SECOND)
  await process.take(customerMessage({ mid: 'b', text: 'how much?' }))
  await world.pass(1950)
  t.equal(world.asked.length, 0)
  await world.pass(50)
  t.match(world.asked, [
    { timeoutMs: 120 * SECOND, question: { id: ID, query: 'hi\nhow much?', conversationId: null } },
  ])
  t.strictSame(world.typing, ['2'])
  t.equal(process.underWay.size, 1)
  await world.pass(3 * SECOND)
  await world.asked[0]!.end(answer('It costs 5', 'c-1'))
  t.strictSame(process.meter.told, ['run answer 3000'])
  await world.pass(50)
  t.match(world.requests, [{ outgoing: { userId: '2', text: 'It costs 5' } }])
  await world.requests[0]!.end(sent('mid'))
  t.match(await world.history(), [
    { text: 'hi', status: 'processed' },
    { text: 'how much?', status: 'processed' },
    { text: 'It costs 5', status: 'sent', type: 'AI' },
  ])
  t.equal(process.underWay.size, 0)
  t.match(process.said('assistant answered'), [
    { level: 'info', facts: { conversation_id: ID, messages: 2, outcome: 'answer', ms: 3 * SECOND } },
  ])
  t.notMatch(JSON.stringify(process.lines), /how much|It costs/)
  await world.pass(3 * SECOND)
  await wonder(world, process)
  t.match(world.asked[1], { question: { conversationId: 'c-1' } })
})

t.test('the typing indicator is shown where the router sends, and can', async (t) => {
  for (const [channel, typing] of [
    [{ token: null }, []],
    [{ assistant: { url: 'https://dify.example', key: 'k', app: 'workflow', replies: 'dify', inputs: {} } }, []],
    [{}, ['2']],
  ] as const) {
    await t.test(JSON.stringify(channel), async (t) => {
      const { world, process } = asking(t, { channel })
      await wonder(world, process)
      t.equal(world.asked.length, 1)
      t.strictSame(world.typing, typing)
    })
  }
})

t.test('typing is not shown where an answer could not be sent now', async (t) => {
  for (const [what, outcome, forMs, typing] of [
    // The first question is still being answered by then, and typing is renewed.
    ['trouble', { is: 'dead', reason: 'channel_unusable', code: '190' }, MINUTE, ['3', '4']],
    ['rest', { is: 'later', code: '613', afterMs: 20 * SECOND }, 20 * SECOND, ['4']],
  ] as const) {
    await t.test(what, async (t) => {
      const { world, process } = asking(t)
      const [first, second] = ['3', '4'].map((user) => conversationIdOf('1', user))
      process.health.heed(world.channel, outcome)
      await wonder(world, process, first)
      t.equal(world.asked.length, 1)
      t.strictSame(world.typing, [])
      await world.pass(forMs)
      await wonder(world, process, second)
      t.equal(world.asked.length, 2)
      t.strictSame(world.typing, typing)
    })
  }
})

t.test('a failed question is asked again, and then given up with a word to the customer', async (t) => {
  const { world, process } = asking(t, { policy: { fallbackText: 'Sorry' } })
  await wonder(world, process)
  await world.asked[0]!.end({ is: 'failed', code: 'node_error', isWorthRetry: true })
  await world.pass(2 * SECOND)
  t.equal(world.asked.length, 2)
  await world.asked[1]!.end({ is: 'failed', code: 'node_error', isWorthRetry: true })
  await world.pass(50)
  t.match(world.requests, [{ outgoing: { text: 'Sorry' } }])
  t.match(process.said('assistant did not answer'), [
    { level: 'warn', facts: { outcome: 'failed', code: 'node_error' } },
    { level: 'warn', facts: { outcome: 'failed', code: 'node_error' } },
  ])
  t.match((await world.history())[0], { status: 'skipped', reason: 'assistant_failed' })
})

t.test(
  'an assistant that asks for a person is heard: the customer is told so, and nothing is asked again',
  async (t) => {
    const { world, process } = asking(t, { policy: { handoffText: 'A colleague will be with you.' } })
    await wonder(world, process)
    await world.asked[0]!.end({ is: 'handoff', conversationId: 'c' })
    await world.pass(MINUTE)
    t.equal(world.asked.length, 1)
    t.match(world.requests, [{ outgoing: { text: 'A colleague will be with you.' } }])
    t.match(process.said('assistant asked for a person'), [{ level: 'info', facts: { outcome: 'handoff' } }])
    t.strictSame(process.said('assistant did not answer'), [])
    t.match((await world.state()).causes, [{ reason: 'assistant' }])
  },
)

t.test('a voice message is heard first where the channel wants that, and is asked in its words', async (t) => {
  const voice = { kind: 'voice', url: 'https://cdn.example/1.mp4', title: null } as const
  for (const [policy, fetched, query, files, transcription] of [
    [{ voice: 'text' }, true, 'heard how much?', 0, 'heard how much?'],
    [{ voice: 'text' }, false, '[voice]', 1, null],
    [{}, true, '[voice]', 1, null],
  ] as const) {
    const { world, process } = asking(t, { policy })
    const body = Buffer.from('how much?')
    if (fetched) world.fetchVoice = async () => ({ is: 'fetched', voice: { body, type: 'audio/mp4' } })
    await process.take(customerMessage({ mid: 'a', kind: 'voice', text: null, attachments: [voice] }))
    await world.pass(2 * SECOND)
    t.match(world.asked, [{ question: { query } }])
    t.equal(world.asked[0]!.question.files.length, files)
    t.match(await world.history(), [{ transcription, text: null }])
    const isToldOf = policy.voice === 'text' && !fetched
    t.equal(process.said('voice message not heard, it is asked as a file').length, isToldOf ? 1 : 0)
  }
})

t.test('the question is taken up before its voice messages are heard, once', async (t) => {
  const voice = { kind: 'voice', url: 'https://cdn.example/1.mp4', title: null } as const
  const { world, process } = asking(t, { policy: { voice: 'text', markSeen: true } })
  let finish = () => {}
  world.fetchVoice = () =>
    new Promise((resolve) => {
      finish = () => resolve({ is: 'refused', code: 'timeout' })
    })
  await process.take(customerMessage({ mid: 'a', kind: 'voice', text: null, attachments: [voice] }))
  await world.pass(2 * SECOND)
  t.strictSame([world.asked.length, world.seen, world.typing], [0, ['2'], ['2']])
  finish()
  await settled()
  t.strictSame([world.asked.length, world.seen, world.typing], [1, ['2'], ['2']])
})

t.test('what Dify suggests to ask next rides on the answer where that is switched on', async (t) => {
  for (const suggested of [true, false]) {
    const { world, process } = asking(t, { policy: { suggested } })
    await wonder(world, process)
    await world.asked[0]!.name({ messageId: 'm' })
    await world.asked[0]!.end(answer('It costs 5'))
    await world.pass(50)
    t.match(world.requests, [{ outgoing: { text: 'It costs 5', quickReplies: suggested ? ['more of m'] : [] } }])
  }
})

t.test('a person who steps in ends the call at once, and nothing is sent', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  await process.take(HUMAN)
  t.equal(world.asked[0]!.signal.aborted, true)
  t.equal(process.underWay.size, 0)
  await world.pass(MINUTE)
  t.strictSame(world.requests, [])
  t.equal(world.asked.length, 1)
  t.equal(process.said(/call of the assistant ended/).length, 1)
  t.match(await world.history(), [{ status: 'skipped', reason: 'bot_paused' }, { type: 'support' }])
})

t.test('an answer that comes before the next beat is refused all the same', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  await world.process().take(HUMAN)
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(MINUTE)
  t.strictSame(world.requests, [])
  t.equal(process.said(/answer came too late/).length, 1)
  t.strictSame(await world.ours(), ['I am here: sent'])
})

t.test('an answer to a question that was asked anew meanwhile is refused', async (t) => {
  const { world, process } = asking(t)
  world.isDeaf = true
  await wonder(world, process)
  await process.take(HUMAN)
  await process.take({ is: 'bot', enabled: true, forMs: 0, note: null })
  await wonder(world, process)
  t.equal(world.asked.length, 2)
  await world.asked[0]!.end(answer('to the old one'))
  t.equal(process.said(/answer came too late/).length, 1)
  await process.take(customerMessage({ mid: 'z', text: 'hello?' }))
  t.equal(world.asked[1]!.signal.aborted, false, 'the other call is still watched over')
  await world.asked[1]!.end(answer('to the new one'))
  await world.pass(50)
  t.match(world.requests, [{ outgoing: { text: 'to the new one' } }])
  t.equal(world.requests.length, 1)
})

t.test('the end of an earlier call leaves the new call watched: a takeover still ends it', async (t) => {
  const { world, process } = asking(t)
  world.isDeaf = true
  await wonder(world, process)
  await process.take(HUMAN)
  await process.take({ is: 'bot', enabled: true, forMs: 0, note: null })
  await wonder(world, process)
  await world.asked[0]!.end(answer('to the old one'))
  await process.take(echo({ mid: 'e2', text: 'Here again' }))
  t.equal(world.asked[1]!.signal.aborted, true)
})

t.test('a call that has ended gets no further commits', async (t) => {
  let loads = 0
  const world = createWorld(t, {
    wrap: (store) => ({
      ...store,
      load(id, question) {
        loads += 1
        return store.load(id, question)
      },
    }),
  })
  const process = world.process()
  await process.take(customerMessage({ mid: 'm' }))
  await world.pass(2 * SECOND)
  await process.takeStep(ID, world.channel)
  const before = loads
  await world.pass(5 * SECOND)
  t.equal(loads, before + 2, 'it beats')
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(MINUTE)
  t.equal(loads, before + 3)
})

t.test('an answer that comes while the store is away is written down when it is back', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  world.isAway = true
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(5 * SECOND)
  world.isAway = false
  await world.pass(SECOND)
  t.match(world.requests, [{ outgoing: { text: 'It costs 5' } }])
  t.equal(world.asked.length, 1)
})

t.test('a store that stays away has the answer looked for later', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  world.isAway = true
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(31 * SECOND)
  t.match(process.said('could not record what the assistant answered'), [
    { level: 'error', facts: { outcome: 'answer' } },
  ])
  t.equal(process.underWay.size, 0)
  world.isAway = false
  await world.pass(SECOND)
  t.equal(world.lookUps.length, 1)
  await world.lookUps[0]!.end(answer('It costs 5'))
  await world.pass(50)
  t.match(world.requests, [{ outgoing: { text: 'It costs 5' } }])
})

t.test('a call that was lost on the way is looked up, for as long as it may take', async (t) => {
  const { world, process } = asking(t, { policy: { difyAttempts: 1 } })
  await wonder(world, process)
  await world.asked[0]!.name({ conversationId: 'c' })
  const startedAt = world.now()
  await world.asked[0]!.end(LOST)
  t.match(world.lookUps, [{ question: { id: ID }, names: { conversationId: 'c' }, startedAt }])
  let looks = 0
  while (process.underWay.size > 0) {
    await world.lookUps[looks]!.end(RUNNING)
    looks += 1
    t.equal(world.lookUps.length, looks)
    await world.pass(2 * SECOND)
  }
  t.ok(looks >= 60 && looks <= 62, `${looks}`)
  t.match(process.said('assistant did not answer'), [{ facts: { outcome: 'unknown', code: 'running' } }])
  t.match((await world.history())[0], { status: 'skipped', reason: 'assistant_failed' })
})

t.test('a lost run’s answer is looked up; a run that Dify does not know is asked again', async (t) => {
  for (const [found, texts] of [
    [answer('It costs 5'), ['It costs 5']],
    [null, []],
    [{ is: 'failed', code: 'stopped', isWorthRetry: true }, []],
  ] as const) {
    await t.test(`${found?.is}`, async (t) => {
      const { world, process } = asking(t)
      await wonder(world, process)
      await world.asked[0]!.end(LOST)
      await world.lookUps[0]!.end(RUNNING)
      await world.pass(2 * SECOND)
      await world.lookUps[1]!.end(found)
      await world.pass(2 * SECOND)
      t.strictSame(
        world.requests.map(({ outgoing }) => outgoing.text),
        texts,
      )
      t.equal(world.asked.length, texts.length === 0 ? 2 : 1)
    })
  }
})

t.test('nobody looks any longer when a person has stepped in, and Dify is told to stop', async (t) => {
  for (const when of ['while Dify is asked', 'in between']) {
    await t.test(when, async (t) => {
      const { world, process } = asking(t)
      await wonder(world, process)
      await world.asked[0]!.name({ taskId: 'task' })
      await world.asked[0]!.end(LOST)
      if (when === 'in between') await world.lookUps[0]!.end(RUNNING)
      await process.take(HUMAN)
      await world.lookUps.at(-1)!.end(answer('It costs 5'))
      await world.pass(MINUTE)
      t.match(world.stopped, [{ taskId: 'task' }])
      t.equal(world.stopped.length, 1)
      t.strictSame(world.requests, [])
      t.equal(process.underWay.size, 0)
    })
  }
})

t.test('a run whose process died is taken up by another one within fifteen seconds', async (t) => {
  for (const found of ['an answer', 'nothing', 'a run'] as const) {
    await t.test(`a look-up that finds ${found} settles the run`, async (t) => {
      const { world, process } = asking(t)
      await wonder(world, process)
      await world.asked[0]!.name({ conversationId: 'c', taskId: 'task' })
      const diedAt = world.now()
      process.die()
      const heir = world.process()
      heir.start()
      while (world.lookUps.length === 0) await world.pass(50)
      t.ok(world.now() - diedAt <= 15 * SECOND)
      t.match(world.lookUps, [{ names: { conversationId: 'c' }, question: { query: /question/ } }])
      t.equal(world.lookUps[0]!.startedAt, diedAt)
      if (found === 'an answer') {
        await world.lookUps[0]!.end(answer('It costs 5', 'c'))
        await world.pass(50)
        t.match(world.requests, [{ outgoing: { text: 'It costs 5' } }])
        t.match((await world.state()).asking, { run: null, assistantId: 'c' })
      } else if (found === 'nothing') {
        await world.lookUps[0]!.end(null)
        await world.pass(2 * SECOND)
        t.equal(world.asked.length, 2)
        t.equal(world.asked[1]!.question.query, world.asked[0]!.question.query)
      } else {
        await world.lookUps[0]!.end(RUNNING)
        await world.pass(2 * SECOND)
        await world.lookUps[1]!.end(RUNNING)
        await world.pass(diedAt + 118 * SECOND - world.now())
        await world.lookUps[2]!.end(RUNNING)
        await world.pass(4 * SECOND)
        await world.lookUps[3]!.end(RUNNING)
        await world.pass(2 * SECOND)
        t.equal(world.lookUps.length, 4)
        t.equal(world.asked.length, 2, 'then it is asked again')
      }
      t.equal((await world.history()).filter(({ type }) => type === 'customer').length, 1)
    })
  }
})

t.test('a run that another process took up too soon goes on, and is answered once', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  world.isAway = true
  await world.pass(10 * SECOND)
  const heir = world.process()
  world.isAway = false
  await heir.takeStep(ID, world.channel)
  t.equal(world.lookUps.length, 1)
  await world.lookUps[0]!.end(RUNNING)
  await process.take(customerMessage({ mid: 'more', text: 'hello?' }))
  await world.pass(3 * SECOND)
  t.equal(world.asked[0]!.signal.aborted, false, 'Dify is not told to stop')
  await world.asked[0]!.end(answer('It costs 5'))
  t.equal(process.said(/answer came too late/).length, 1)
  await world.lookUps.at(-1)!.end(answer('It costs 5'))
  await world.pass(SECOND)
  t.match(world.requests, [{ outgoing: { text: 'It costs 5' } }])
  t.equal(world.requests.length, 1)
  t.strictSame(world.stopped, [])
})

t.test('a takeover ends a run in every process', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  world.isAway = true
  await world.pass(10 * SECOND)
  const heir = world.process()
  world.isAway = false
  await heir.takeStep(ID, world.channel)
  await heir.take(HUMAN)
  await world.lookUps[0]!.end(RUNNING)
  await world.pass(3 * SECOND)
  t.equal(world.asked[0]!.signal.aborted, true)
  t.equal(world.stopped.length, 1)
  await world.pass(MINUTE)
  t.equal(process.underWay.size + heir.underWay.size, 0)
  t.strictSame(world.requests, [])
})

t.test('a run whose assistant was taken out of the settings meanwhile is over', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  process.die()
  const without: Channel = {
    ...world.channel,
    assistant: null,
    policy: { ...world.channel.policy, hasAssistant: false },
  }
  world.channels.set('1', without)
  world.process().start()
  await world.pass(20 * SECOND)
  t.strictSame(world.lookUps, [])
  t.match(await world.history(), [{ status: 'skipped', reason: 'no_assistant' }])
  t.match((await world.state()).asking, { run: null })
})

t.test('an assistant that is down is left alone, and one question finds out when it is back', async (t) => {
  const { world, process } = asking(t)
  const ids = ['3', '4', '5', '6', '7', '8', '9'].map((user) => conversationIdOf('1', user))
  for (const id of ids.slice(0, 5)) await process.take(customerMessage({ mid: `m${id}` }), id)
  await world.pass(2 * SECOND)
  t.equal(world.asked.length, 5)
  for (const call of world.asked) await call.end(DOWN)
  t.match(process.said(/Dify does not work/), [{ level: 'error', facts: { channel: '1' } }])
  t.equal(process.said(/Dify does not work/).length, 1)
  t.equal(process.ask.openCircuits([world.channel]), 1)
  for (const id of ids.slice(5)) await process.take(customerMessage({ mid: `n${id}` }), id)
  await world.pass(10 * SECOND)
  t.equal(world.asked.length, 6, 'the rest is over, and one of them is asked')
  await world.asked[5]!.end(DOWN)
  t.equal(process.said(/Dify does not work/).length, 1, 'said once')
  await world.pass(3900)
  t.equal(world.asked.length, 6)
  await world.pass(10 * SECOND)
  t.equal(world.asked.length, 7)
  await world.asked[6]!.end(answer('It costs 5'))
  t.equal(process.said('Dify answers again').length, 1)
  t.equal(process.ask.openCircuits([world.channel]), 0)
  await world.pass(SECOND)
  t.ok(world.asked.length >= 11, `the others follow: ${world.asked.length}`)
})

for (const [what, event, many] of [
  ['asks when nothing happened meanwhile', null, 1],
  ['does not ask when a person stepped in', HUMAN, 0],
] as const) {
  t.test(`a process that stood still before it could ask ${what}`, async (t) => {
    let thaw = (): void => {}
    const thawed = new Promise<void>((resolve) => {
      thaw = resolve
    })
    let isFrozen = false
    const world = createWorld(t, {
      wrap: (store) => ({
        ...store,
        async commit(id, version, change) {
          const outcome = store.commit(id, version, change)
          if (isFrozen || change.state?.asking.run == null) return outcome
          isFrozen = true
          await thawed
          return outcome
        },
      }),
    })
    const [frozen, other] = [world.process(), world.process()]
    await other.take(customerMessage({ mid: 'm', text: 'how much?' }))
    await world.pass(2 * SECOND)
    const step = frozen.takeStep(ID, world.channel)
    await settled()
    await world.pass(3 * SECOND)
    if (event !== null) await other.take(event)
    thaw()
    await step
    await settled()
    t.equal(world.asked.length, many)
    t.equal(world.typing.length, many)
    t.equal(world.staleCalls, 0)
    t.equal(frozen.said(/call of the assistant ended/).length, 1 - many)
  })
}

t.test('while nobody can say whether a question is still wanted it is not asked', async (t) => {
  let isBroken = false
  const world = createWorld(t, {
    wrap: (store) => ({
      ...store,
      commit(id, version, change) {
        const outcome = store.commit(id, version, change)
        if (!isBroken && change.state?.asking.run != null) {
          isBroken = true
          world.standStill(SECOND)
          world.isAway = true
        }
        return outcome
      },
    }),
  })
  const process = world.process()
  process.start()
  await wonder(world, process)
  t.strictSame(world.asked, [])
  t.equal(world.staleCalls, 5)
  world.isAway = false
  await world.pass(2 * SECOND)
  t.equal(world.asked.length, 1)
})

t.test('a question that an assistant which is down holds up is given up after a minute', async (t) => {
  const { world, process } = asking(t, { policy: { difyAttempts: 1, fallbackText: 'Sorry' } })
  for (const user of ['3', '4', '5', '6', '7']) {
    await process.take(customerMessage({ mid: `m${user}` }), conversationIdOf('1', user))
  }
  await world.pass(2 * SECOND)
  for (const call of world.asked) await call.end(DOWN)
  await world.pass(50)
  for (const request of world.requests) await request.end(sent())
  // One that finds out how it is hangs, so that nobody else is asked.
  await wonder(world, process, conversationIdOf('1', '8'))
  t.equal(world.asked.length, 6)
  await process.take(customerMessage({ mid: 'held' }))
  await world.pass(61 * SECOND)
  t.match(await world.history(), [{ status: 'received' }])
  await world.pass(2 * SECOND)
  t.match(await world.history(), [{ status: 'skipped', reason: 'assistant_failed' }, { text: 'Sorry' }])
  t.equal(world.asked.length, 6)
})

t.test('a question that waits for a place in a full process is never given up', async (t) => {
  const { world, process } = asking(t)
  world.isDeaf = true
  await fill(world, process)
  const full = world.asked.length
  await process.take(customerMessage({ mid: 'held' }))
  await world.pass(3 * MINUTE)
  t.match(await world.history(), [{ status: 'received' }])
  t.equal(world.asked.length, full)
  await world.asked[0]!.end({ is: 'cancelled' })
  await world.pass(300)
  t.equal(world.asked.length, full + 1)
  t.match(world.asked.at(-1), { question: { id: ID } })
})

t.test('a question that a person made superfluous does not say that the assistant works', async (t) => {
  const { world, process } = asking(t, { policy: { difyAttempts: 1 } })
  const ids = ['3', '4', '5', '6', '7'].map((user) => conversationIdOf('1', user))
  for (const id of ids) await process.take(customerMessage({ mid: `m${id}` }), id)
  await world.pass(2 * SECOND)
  for (const call of world.asked) await call.end(DOWN)
  await wonder(world, process)
  await world.pass(2 * SECOND)
  t.equal(world.asked.length, 6)
  await process.take(HUMAN)
  t.strictSame(process.said('Dify answers again'), [])
  t.equal(process.ask.readiness(world.channel).assistantFreeAt, 0, 'the next one finds out')
  t.ok(process.ask.readiness(world.channel).assistantFreeAt > world.store.now())
})

t.test('each channel’s assistant is judged by itself', async (t) => {
  const { world, process } = asking(t, { policy: { difyAttempts: 1 } })
  const neighbour: Channel = { ...world.channel, id: '7' }
  for (const user of ['3', '4', '5', '6', '7']) {
    await process.take(customerMessage({ mid: `m${user}` }), conversationIdOf('1', user))
  }
  await world.pass(2 * SECOND)
  t.ok(process.ask.readiness(world.channel).assistantFreeAt <= world.store.now())
  for (const call of world.asked) await call.end(DOWN)
  t.ok(process.ask.readiness(world.channel).assistantFreeAt > world.store.now())
  t.ok(process.ask.readiness(neighbour).assistantFreeAt <= world.store.now())
  t.ok(process.ask.readiness({ ...world.channel, assistant: null }).assistantFreeAt <= world.store.now())
})

t.test('a process has at most a thousand calls under way', async (t) => {
  const world = createWorld(t)
  const process = world.process()
  const { ask } = process
  t.match(ask.readiness(world.channel), { isAssistantDown: true })
  await fill(world, process)
  t.strictSame(ask.readiness(world.channel), { assistantFreeAt: world.store.now() + 250, isAssistantDown: false })
  t.equal(ask.has(run({ id: 'run 999' })), true)
  t.equal(ask.has(run({ id: 'run 1000' })), false)
  await world.asked[0]!.end({ is: 'cancelled' })
  t.ok(ask.readiness(world.channel).assistantFreeAt <= world.store.now())
})

/** As many calls as one process makes, of conversations that nobody else knows. */
async function fill({ asked, channel, store }: World, { ask }: Process): Promise<void> {
  const begun = store.now()
  for (let i = 0; i < 1000; i++) {
    const id = conversationIdOf('1', `${1000 + i}`)
    const theirs = run({ id: `run ${i}`, startedAt: begun })
    ask.begin({ ...newConversation(id, begun), asking: { ...NOT_ASKING, run: theirs } }, channel, theirs, store.now())
  }
  await settled()
  if (asked.length !== 1000) throw new Error(`${asked.length} were asked`)
}

/** A person spoke with the customer, and has given the conversation back. */
async function handBack({ take }: Process): Promise<void> {
  await take(customerMessage({ mid: 't1', text: 'is it red?' }))
  await take(echo({ mid: 't2', text: 'I am here' }))
  await take(customerMessage({ mid: 't3', text: 'oh, hi' }))
  await take({ is: 'bot', enabled: true, forMs: 0, note: null })
}

/** A world that counts how often the history is read for an assistant. */
function transcribing(t: Test, policy: Partial<Policy> = {}) {
  const pages: HistoryPage[] = []
  const reading = { isBroken: false }
  const world = createWorld(t, {
    policy: { sendRate: 100, humanTranscript: true, ...policy },
    wrap: (store) => ({
      ...store,
      history(id, page) {
        pages.push(page)
        if (reading.isBroken) throw new Error('broken')
        return store.history(id, page)
      },
    }),
  })
  const process = world.process()
  process.start()
  const transcripts = () => world.asked.map(({ question }) => question.inputs['human_transcript'])
  return { world, process, pages, reading, transcripts }
}

t.test('the first question after a takeover carries what was said meanwhile, and the next does not', async (t) => {
  const { world, process, pages, transcripts } = transcribing(t)
  await wonder(world, process)
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(50)
  await world.requests[0]!.end(sent('mid'))
  await world.pass(3 * SECOND)
  t.equal(pages.length, 1)
  await handBack(process)
  await wonder(world, process)
  t.strictSame(transcripts(), [undefined, 'Customer: is it red?\nAgent: I am here\nCustomer: oh, hi'])
  t.equal(pages.length, 2, 'read once for each question')
  await world.asked[1]!.end(answer('Yes'))
  await world.pass(50)
  await world.requests[1]!.end(sent('mid-2'))
  await world.pass(3 * SECOND)
  await wonder(world, process)
  t.strictSame(transcripts().slice(2), [undefined])
  t.notMatch(JSON.stringify(process.lines), 'I am here')
})

t.test('a question that is asked again carries it again', async (t) => {
  const { world, process, transcripts } = transcribing(t)
  await handBack(process)
  await wonder(world, process)
  await world.asked[0]!.end({ is: 'failed', code: 'x', isWorthRetry: true })
  await world.pass(3 * SECOND)
  t.equal(transcripts().length, 2)
  t.equal(transcripts()[1], transcripts()[0])
})

t.test('a long talk is cut to its newest messages', async (t) => {
  const { world, process, pages, transcripts } = transcribing(t)
  await process.take(echo({ mid: 'e', text: 'I am here' }))
  for (let i = 0; i < 149; i++) await process.take(customerMessage({ mid: `c${i}`, text: `word ${i}` }))
  await process.take(echo({ mid: 'e2', text: 'I am still here' }))
  await process.take({ is: 'bot', enabled: true, forMs: 0, note: null })
  await wonder(world, process)
  const lines = String(transcripts()[0]).split('\n')
  t.equal(lines.length, 100)
  t.equal(lines[0], 'Customer: word 50')
  t.equal(lines.at(-1), 'Agent: I am still here')
  t.match(pages, [{ limit: 100, after: null }])
  t.equal(pages.length, 1)
})

t.test('the transcript is no longer than its limit', async (t) => {
  const { world, process, transcripts } = transcribing(t)
  await process.take(echo({ mid: 'e', text: 'I am here' }))
  for (let i = 0; i < 20; i++) await process.take(customerMessage({ mid: `c${i}`, text: 'x'.repeat(900) }))
  await process.take({ is: 'bot', enabled: true, forMs: 0, note: null })
  await wonder(world, process)
  const [text] = transcripts()
  t.ok(String(text).length <= 4_000 && String(text).length > 3_500)
})

t.test('no transcript is sent when the channel wants none, nobody spoke, or no history is kept', async (t) => {
  for (const [what, policy, isTakenOver] of [
    ['not wanted', { humanTranscript: false }, true],
    ['nobody spoke', {}, false],
    ['nothing kept', { historyTtlMs: 0 }, true],
  ] as const) {
    await t.test(what, async (t) => {
      const { world, process, transcripts } = transcribing(t, policy)
      if (isTakenOver) await handBack(process)
      await wonder(world, process)
      t.strictSame(transcripts(), [undefined])
      t.notOk('human_transcript' in world.asked[0]!.question.inputs)
    })
  }
})

t.test('the sign that hands the conversation back is nothing to tell', async (t) => {
  const { world, process, transcripts } = transcribing(t, { resumeWords: ['🤖'] })
  await process.take(echo({ mid: 'e', text: '🤖' }))
  await wonder(world, process)
  t.strictSame(transcripts(), [undefined])
})

t.test('a history that cannot be read keeps no question back', async (t) => {
  const { world, process, reading, transcripts } = transcribing(t)
  await handBack(process)
  reading.isBroken = true
  await wonder(world, process)
  t.strictSame(transcripts(), [undefined])
  t.match(process.said(/without the transcript/), [
    { level: 'warn', facts: { conversation_id: ID, reason: 'Error: broken' } },
  ])
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(50)
  t.match(world.requests, [{ outgoing: { text: 'It costs 5' } }])
})

for (const replies of ['router', 'dify'] as const) {
  t.test(`a person who steps in while the history is read keeps the question from leaving (${replies})`, async (t) => {
    let finish = () => {}
    const assistantSends = replies === 'dify'
    const world = createWorld(t, {
      policy: { humanTranscript: true, markSeen: true, assistantSends },
      channel: { assistant: { url: 'https://dify.example/v1', key: 'key', app: 'chat', replies, inputs: {} } },
      wrap: (store) => ({
        ...store,
        history: (id, page) =>
          new Promise((resolve) => {
            finish = () => resolve(store.history(id, page))
          }),
      }),
    })
    const process = world.process()
    process.start()
    await handBack(process)
    await wonder(world, process)
    t.strictSame(world.asked, [])
    await process.take(echo({ mid: 'e2', text: 'Here again' }))
    finish()
    await settled()
    t.strictSame([world.asked.length, world.seen, world.typing], [0, [], []])
    t.equal(process.underWay.size, 0)
    await world.pass(MINUTE)
    t.strictSame([world.asked.length, world.lookUps.length, world.requests.length], [0, 0, 0])
  })
}

t.test('what the customer takes back while it is heard is not asked', async (t) => {
  const voice = { kind: 'voice', url: 'https://cdn.example/1.mp4', title: null } as const
  for (const isAlone of [true, false]) {
    const { world, process } = asking(t, { policy: { voice: 'text', fallbackText: 'Sorry' } })
    let finish = () => {}
    world.fetchVoice = () =>
      new Promise((resolve) => {
        finish = () => resolve({ is: 'fetched', voice: { body: Buffer.from('my secret'), type: 'audio/mp4' } })
      })
    if (!isAlone) await process.take(customerMessage({ mid: 'b', text: 'how much?' }))
    await process.take(customerMessage({ mid: 'a', kind: 'voice', text: null, attachments: [voice] }))
    await world.pass(3 * SECOND)
    await process.take(deletion({ mid: 'a' }))
    finish()
    await world.pass(SECOND)
    t.strictSame(
      world.asked.map(({ question }) => question.query),
      isAlone ? [] : ['how much?'],
    )
    if (!isAlone) continue
    t.strictSame(world.requests, [], 'and nobody is told that it failed')
    t.equal((await world.state()).asking.run, null)
  }
})

t.test('an adopted run is looked up at once: its voice messages are not heard again', async (t) => {
  const voice = { kind: 'voice', url: 'https://cdn.example/1.mp4', title: null } as const
  const { world, process } = asking(t, { policy: { voice: 'text' } })
  await process.take(customerMessage({ mid: 'a', kind: 'voice', text: null, attachments: [voice] }))
  await world.pass(2 * SECOND)
  t.match(world.asked, [{ question: { query: '[voice]' } }])
  process.die()
  let fetched = 0
  world.fetchVoice = async () => {
    fetched += 1
    return { is: 'fetched', voice: { body: Buffer.from('words'), type: 'audio/mp4' } }
  }
  world.process().start()
  await world.pass(15 * SECOND)
  t.match(world.lookUps, [{ question: { query: '[voice]' } }])
  t.equal(fetched, 0)
})

t.test('an answer that cannot be read is a failure, and not asked about again', async (t) => {
  const readAnswer = () => {
    throw new Error('odd')
  }
  const { world, process } = asking(t, { policy: { fallbackText: 'Sorry' }, readAnswer })
  await wonder(world, process)
  await world.asked[0]!.end(answer('Ten euros.'))
  t.match(process.said('assistant did not answer'), [{ facts: { outcome: 'failed', code: 'unreadable' } }])
  t.match(process.said('could not make an answer fit for the customer'), [{ level: 'error', facts: { channel: '1' } }])
  t.equal((await world.state()).asking.run, null)
})

t.test('a bug in a call ends the run, and not the process', async (t) => {
  const { world, process } = asking(t, { policy: { fallbackText: 'Sorry' } })
  await wonder(world, process)
  await world.asked[0]!.fail(new Error('odd'))
  t.match(process.said('could not carry out a call of the assistant'), [
    { level: 'error', facts: { run_id: /./, err: { message: 'odd' } } },
  ])
  t.match(process.said('assistant did not answer'), [{ facts: { outcome: 'unknown', code: 'internal_error' } }])
  t.equal((await world.state()).asking.run, null)
})

t.test('text and pictures of an answer leave in their order', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  await world.asked[0]!.end(answer('**Look:**\n\n![p](/files/p.png)\n\nNice?'))
  for (const index of [0, 1, 2]) {
    await world.pass(1_000)
    await world.requests[index]!.end(sent(`mid-${index}`))
  }
  t.match(
    world.requests.map(({ outgoing }) => outgoing.attachment?.url ?? outgoing.text),
    ['Look:', 'https://dify.example/files/p.png', 'Nice?'],
  )
})

t.test('an answer without words is a failure, and is called one', async (t) => {
  const { world, process } = asking(t, { policy: { fallbackText: 'Sorry' } })
  await wonder(world, process)
  await world.asked[0]!.end(answer(' \n'))
  t.match(process.said('assistant did not answer'), [{ level: 'warn', facts: { outcome: 'failed', code: 'empty' } }])
  t.strictSame(process.meter.told, ['run failed 0'])
  await world.pass(50)
  t.match(world.requests, [{ outgoing: { text: 'Sorry' } }])
})

t.test('where the assistant speaks for itself it need not answer', async (t) => {
  const { world, process } = asking(t, { policy: { assistantSends: true } })
  await wonder(world, process)
  await world.asked[0]!.end(answer(''))
  t.equal(process.said('assistant answered').length, 1)
})

t.test(
  'where the assistant sends by itself, a run that a person cuts off is stopped, listened to, and then ended',
  async (t) => {
    const { world, process } = asking(t, {
      policy: { assistantSends: true },
      channel: {
        assistant: { url: 'https://dify.example/v1', key: 'key', app: 'workflow', replies: 'dify', inputs: {} },
      },
    })
    await wonder(world, process)
    const [run] = world.asked
    await run!.name({ taskId: 'task-1' })
    await process.take(HUMAN)
    await world.pass(SECOND)
    t.match(world.stopped, [{ taskId: 'task-1' }])
    t.equal(run!.signal.aborted, false, 'what it says is still heard')
    await world.pass(20 * SECOND)
    t.equal(run!.signal.aborted, true)
    t.equal(world.stopped.length, 1)
  },
)

t.test("where the assistant sends by itself, the echo of what it says is known for the bot's", async (t) => {
  const speaking = async () => {
    const { world, process } = asking(t, {
      policy: { assistantSends: true },
      channel: {
        assistant: { url: 'https://dify.example/v1', key: 'key', app: 'workflow', replies: 'dify', inputs: {} },
      },
    })
    await wonder(world, process)
    const echoOf = async (text: string) => (await process.take(echo({ mid: text, text }))).verdict.author
    return { world, process, run: world.asked[0]!, echoOf }
  }

  await t.test('streamed texts are recorded as soon as the assistant falls silent', async (t) => {
    const { world, run, echoOf } = await speaking()
    run.say(['It costs 5'])
    await world.pass(200)
    t.equal(await echoOf('It costs 5'), 'bot')
    t.equal(await echoOf('Come in'), 'human')
  })

  await t.test('where the store was away when it fell silent, with the next beat', async (t) => {
    const { world, run, echoOf } = await speaking()
    world.isAway = true
    run.say(['It costs 5'])
    await world.pass(200)
    world.isAway = false
    await world.pass(10 * SECOND)
    t.equal(await echoOf('It costs 5'), 'bot')
  })

  await t.test('the last texts are recorded before the call is closed', async (t) => {
    const { world, process, run, echoOf } = await speaking()
    run.say(['It costs 5'])
    await run.end({ is: 'cancelled' })
    await world.pass(50)
    t.equal(process.said(/^call of the assistant ended/).length, 1)
    t.equal(await echoOf('It costs 5'), 'bot')
  })

  await t.test('even if its run then fails', async (t) => {
    const { run, echoOf } = await speaking()
    run.say(['It costs 5'])
    await run.end({ is: 'failed', code: 'node_error', isWorthRetry: false })
    t.equal(await echoOf('It costs 5'), 'bot')
  })
})

t.test('an answer is sent under the trace of the message that it answers', async (t) => {
  const { world, process } = asking(t)
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await process.take(customerMessage({ mid: 'a', text: 'how much?', traceparent }))
  await process.take(customerMessage({ mid: 'b', text: 'please' }))
  await world.pass(3 * SECOND)
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(50)
  t.equal(world.requests[0]!.outgoing.traceparent, traceparent)
})
