import t from 'tap'
import { customerMessage, SECOND } from '../fixtures/conversation.js'
import { createWorld } from '../fixtures/engine.js'

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
