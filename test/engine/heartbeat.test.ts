import t from 'tap'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import { asking, HUMAN, LOST, wonder } from '../fixtures/asking.js'
import { customerMessage, ID, MINUTE, SECOND } from '../fixtures/conversation.js'
import { answer, sent } from '../fixtures/engine.js'

t.test('commits of other conversations, or of other facts, end no call', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  await process.take(HUMAN, conversationIdOf('1', '3'))
  await process.take(customerMessage({ mid: 'more', text: 'and blue ones?' }))
  t.equal(world.asked[0]!.signal.aborted, false)
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(50)
  await world.requests[0]!.end(sent())
  await world.pass(3 * SECOND)
  t.match(world.asked[1], { question: { query: 'and blue ones?' } })
})

t.test('a takeover that another process heard of is found out by the next beat', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  const other = world.process()
  await other.take(HUMAN)
  t.equal(world.asked[0]!.signal.aborted, false)
  await world.pass(2500)
  t.equal(world.asked[0]!.signal.aborted, true)
  await world.pass(MINUTE)
  t.strictSame(world.requests, [])
  t.equal(process.underWay.size, 0)
})

t.test('Dify’s ids of a run are recorded as soon as Dify names them', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  await world.asked[0]!.name({ taskId: 'task' })
  t.match((await world.state()).asking.run, { names: { ...NO_NAMES, taskId: 'task' } })
  await world.asked[0]!.name({ taskId: 'task', conversationId: 'c' })
  await world.pass(10 * SECOND)
  t.match((await world.state()).asking.run, { names: { ...NO_NAMES, taskId: 'task', conversationId: 'c' } })
})

t.test('a call that takes long stays with its process', async (t) => {
  const { world, process } = asking(t)
  const other = world.process()
  await wonder(world, process)
  other.start()
  await world.pass(100 * SECOND)
  t.strictSame(world.lookUps, [])
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(50)
  t.equal(world.requests.length, 1)
})

t.test('beats that are lost for a moment do no harm', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  world.isAway = true
  await world.pass(6 * SECOND)
  world.isAway = false
  await world.pass(10 * SECOND)
  t.equal(world.asked[0]!.signal.aborted, false)
  t.strictSame(world.lookUps, [])
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(50)
  t.equal(world.requests.length, 1)
})

t.test('a process that was out of reach for longer keeps its call', async (t) => {
  const { world, process } = asking(t)
  await wonder(world, process)
  world.isAway = true
  await world.pass(20 * SECOND)
  world.isAway = false
  await world.pass(10 * SECOND)
  t.strictSame(world.lookUps, [])
  t.equal(world.asked[0]!.signal.aborted, false)
  await world.asked[0]!.end(answer('It costs 5'))
  await world.pass(50)
  t.equal(world.requests.length, 1)
})

t.test('a run that nobody knows the end of is stopped, but not before that is written down', async (t) => {
  const { world, process } = asking(t, { policy: { difyAttempts: 1 } })
  await wonder(world, process)
  await world.asked[0]!.name({ taskId: 'task', conversationId: 'c' })
  world.isAway = true
  await world.asked[0]!.end(LOST)
  await world.lookUps[0]!.end(null)
  await world.pass(5 * SECOND)
  t.strictSame(world.stopped, [])
  world.isAway = false
  await world.pass(SECOND)
  t.match(world.stopped, [{ taskId: 'task' }])
  t.equal(world.stopped.length, 1)
  t.match((await world.history())[0], { status: 'skipped', reason: 'assistant_failed' })
})

t.test('a run that Dify names only after its cancellation is stopped then', async (t) => {
  const { world, process } = asking(t, { policy: { difyAttempts: 1 } })
  await wonder(world, process)
  await world.asked[0]!.end(LOST)
  await world.lookUps[0]!.end(null)
  t.match(world.stopped, [NO_NAMES])
  await world.asked[0]!.name({ taskId: 'task' })
  t.match(world.stopped, [NO_NAMES, { taskId: 'task' }])
})

t.test('a run adopted by another process is left to that one to stop', async (t) => {
  const { world, process } = asking(t, { policy: { difyAttempts: 1 } })
  await wonder(world, process)
  await world.asked[0]!.name({ taskId: 'task' })
  world.isAway = true
  await world.pass(10 * SECOND)
  const heir = world.process()
  world.isAway = false
  await heir.takeStep(ID, world.channel)
  await world.asked[0]!.end(LOST)
  await world.lookUps[1]!.end(null)
  t.strictSame(world.stopped, [])
  await world.lookUps[0]!.end(null)
  t.match(world.stopped, [{ taskId: 'task' }])
})
