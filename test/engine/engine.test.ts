import t from 'tap'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { customerMessage, SECOND } from '../fixtures/conversation.js'
import { answer, createWorld } from '../fixtures/engine.js'

t.test('every commit reaches all that follow it: counts, the wake-up, the profile of whoever asks', async (t) => {
  const world = createWorld(t)
  const process = world.process()
  process.start()
  await process.take(customerMessage({ mid: 'a' }))
  await world.pass(3 * SECOND)
  t.equal(world.asked.length, 1, 'the wake-up after the debounce was heard of')
  t.match(await world.state(), { profile: { at: (await world.state()).profile.at } })
  t.not((await world.state()).profile.at, 0, 'the profile was looked for')
})

t.test('a halted process begins nothing more, and leaves what waits to others', async (t) => {
  const world = createWorld(t)
  const process = world.process()
  process.start()
  await process.take(customerMessage({ mid: 'a' }))
  await process.halt()
  await world.pass(5 * SECOND)
  t.equal(world.asked.length, 0)
  world.process().start()
  await world.pass(SECOND)
  t.equal(world.asked.length, 1)
})

t.test('a draining process asks no new question, and finishes those that it has asked', async (t) => {
  const world = createWorld(t)
  const process = world.process()
  process.start()
  await process.take(customerMessage({ mid: 'a' }))
  await world.pass(2 * SECOND)
  process.beginDrain()
  await process.take(customerMessage({ mid: 'b' }), conversationIdOf('1', '3'))
  await world.pass(10 * SECOND)
  t.equal(world.asked.length, 1)
  await world.asked[0]!.end(answer('It costs 5'))
  t.match(world.requests, [{ outgoing: { text: 'It costs 5' } }])
})

t.test('the notifier hears of a commit that holds notifications, and of no other', async (t) => {
  let heard = 0
  let isWanted = false
  const notification = { id: 'n', target: 'all', at: 0, body: '{}' }
  const world = createWorld(t, {
    notifier: {
      compose: () => (isWanted ? [notification] : []),
      committed() {
        heard += 1
      },
    },
  })
  const process = world.process()
  await process.take(customerMessage({ mid: 'a' }))
  t.equal(heard, 0)
  isWanted = true
  await process.take(customerMessage({ mid: 'b' }))
  t.equal(heard, 1)
})
