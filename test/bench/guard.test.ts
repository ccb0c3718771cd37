import t from 'tap'
// @ts-expect-error a plain script without types
import { createStage } from '../../bench/stage.mjs'
// @ts-expect-error a plain script without types
import { ratio } from '../../bench/statistics.mjs'

/**
 * A short form of `npm run bench`, against a gross loss. What is compared is processor time per request in the same
 * seconds, so that a slow or busy machine fails nothing.
 */

const LEAST_SHARE = 0.25
const ROUNDS = 7
const REQUESTS = 400
const MOST_LOOKS = 3
/** Until the code that every message runs is compiled. */
const WARM_UP = 2_500

t.test('a customer message costs less than four times what its signature and parsing cost alone', async (t) => {
  const stage = await createStage()
  const [floor, router] = await Promise.all([stage.start('floor'), stage.start('memory')])
  const cpu = async (server: object, count: number): Promise<number | null> =>
    (await stage.run(server, { kind: 'messages', count, ...stage.newUsers(count / 5) })).cpu
  for (const server of [floor, router]) await cpu(server, WARM_UP)
  let share: number | null = null
  // Another look, where the machine had other things to do in most of the rounds of one.
  for (let look = 0; look < MOST_LOOKS && (share === null || share <= LEAST_SHARE); look++) {
    const costs: { floor: (number | null)[]; router: (number | null)[] } = { floor: [], router: [] }
    for (let round = 0; round < ROUNDS; round++) {
      costs.floor.push(await cpu(floor, REQUESTS))
      costs.router.push(await cpu(router, REQUESTS))
    }
    share = ratio(costs.floor, costs.router)
  }
  for (const server of [floor, router]) await server.stop()
  await stage.close()
  // Only Linux tells what a process has used.
  if (process.platform === 'linux') t.ok(share !== null && share > LEAST_SHARE, `the floor's share is ${share}`)
  else t.equal(share, null)
})
