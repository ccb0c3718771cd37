import t from 'tap'
import type { Policy } from '../../src/conversation/channel.js'
import { answeredLives, answeringPolicies, play, type Step } from '../fixtures/conversation-moves.js'
import { assertSound, comeToRest, createWorld, type World } from '../fixtures/conversation-world.js'
import fc, { RUNS } from '../fixtures/property.js'

/** Random lives of a conversation whose questions are asked and whose answers are sent, in a world that loses things. */

function live(rules: Policy, life: readonly Step[]): World {
  const world = createWorld(rules)
  life.forEach(({ wait, isPrompt, terms, move }, count) => {
    world.thread.wait(wait)
    if (isPrompt) world.settle(terms)
    play(world, move, count, rules)
    assertSound(world, rules)
  })
  return world
}

t.test('every question and every answer is settled, whatever happens or is lost', async () => {
  fc.assert(
    fc.property(answeringPolicies, answeredLives, (rules, life) => {
      comeToRest(live(rules, life), rules)
    }),
    { numRuns: RUNS },
  )
})
